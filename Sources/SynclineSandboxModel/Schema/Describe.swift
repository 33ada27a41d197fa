import SynclineModel

/// Writes objects and fields as a describe does.
struct Describe {
  let catalog: Catalog
  /// How addresses begin.
  let base: String

  /// All objects, shortly.
  var global: JSON {
    .object([
      "encoding": .text("UTF-8"), "maxBatchSize": .number(200),
      "sobjects": .list(catalog.objects.map { .members(summary($0)) }),
    ])
  }

  /// One object, shortly.
  func short(_ object: ObjectDescription) -> JSON {
    .object(["objectDescribe": .members(summary(object)), "recentItems": .list([])])
  }

  /// One object with its fields and its children.
  func full(_ object: ObjectDescription) -> JSON {
    .members(
      summary(object) + [
        ("fields", .list(object.fields.map { self.field($0, object) })),
        ("childRelationships", .list(catalog.references(to: object.name).map(child))),
        (
          "recordTypeInfos",
          .list([
            .object([
              "active": .boolean(true), "available": .boolean(true),
              "defaultRecordTypeMapping": .boolean(true), "developerName": .text("Master"),
              "master": .boolean(true), "name": .text("Master"),
              "recordTypeId": .text("012000000000000AAA"), "urls": .members([]),
            ])
          ])
        ),
        ("supportedScopes", .list([])), ("namedLayoutInfos", .list([])),
      ])
  }

  private func summary(_ object: ObjectDescription) -> [(String, JSON)] {
    let address = "\(base)/sobjects/\(object.name)"
    let flags: [(String, Bool)] = [
      ("activateable", false), ("createable", object.isWritable), ("custom", object.isCustom),
      ("customSetting", false), ("deepCloneable", false), ("deletable", object.isWritable),
      ("deprecatedAndHidden", false), ("feedEnabled", false), ("hasSubtypes", false),
      ("isInterface", false), ("isSubtype", false), ("layoutable", true),
      ("mergeable", object.isMergeable), ("mruEnabled", true), ("queryable", true),
      ("replicateable", true), ("retrieveable", true), ("searchable", true),
      ("triggerable", true), ("undeletable", object.keepsDeleted),
      ("updateable", object.isWritable),
    ]
    return flags.map { ($0.0, JSON.boolean($0.1)) } + [
      ("keyPrefix", .text(object.keyPrefix)), ("label", .text(object.label)),
      ("labelPlural", .text(object.labelPlural)), ("name", .text(object.name)),
      ("associateEntityType", .null), ("associateParentEntity", .null),
      (
        "urls",
        .object([
          "sobject": .text(address), "describe": .text(address + "/describe"),
          "rowTemplate": .text(address + "/{ID}"),
        ])
      ),
    ]
  }

  private func child(_ child: Catalog.ChildReference) -> JSON {
    .object([
      "cascadeDelete": .boolean(child.field.onDelete == .cascade),
      "childSObject": .text(child.object), "deprecatedAndHidden": .boolean(false),
      "field": .text(child.field.name), "junctionIdListNames": .list([]),
      "junctionReferenceTo": .list([]), "relationshipName": .null,
      "restrictedDelete": .boolean(child.field.onDelete == .restrict),
    ])
  }

  private func field(_ field: FieldDescription, _ object: ObjectDescription) -> JSON {
    .members(flags(of: field) + sizes(of: field) + names(of: field))
  }

  private func flags(of field: FieldDescription) -> [(String, JSON)] {
    let isCaseSensitive = field.isCaseSensitive
    let isPolymorphic = field.referenceTo.count > 1
    let isMaster = field.onDelete == .cascade && field.isCustom
    let flags: [(String, Bool)] = [
      ("aggregatable", field.isFilterable), ("aiPredictionField", false),
      ("autoNumber", field.autoNumber != nil || field.name == "CaseNumber"),
      ("calculated", field.isCalculated), ("cascadeDelete", isMaster),
      ("caseSensitive", isCaseSensitive), ("createable", field.isCreateable),
      ("custom", field.isCustom), ("defaultedOnCreate", field.isDefaultedOnCreate),
      ("dependentPicklist", false), ("deprecatedAndHidden", false),
      ("displayLocationInDecimal", false), ("encrypted", false),
      ("externalId", field.isExternalID), ("filterable", field.isFilterable),
      ("formulaTreatNullNumberAsZero", false), ("groupable", field.isSortable),
      ("highScaleNumber", false), ("htmlFormatted", false), ("idLookup", field.isIDLookup),
      ("nameField", field.name == "Name" || field.name == "CaseNumber"),
      ("namePointing", isPolymorphic), ("nillable", field.isNillable),
      ("permissionable", isPermissionable(field)),
      ("polymorphicForeignKey", isPolymorphic), ("queryByDistance", false),
      ("restrictedDelete", field.onDelete == .restrict && field.isCustom),
      ("restrictedPicklist", field.isRestricted), ("searchPrefilterable", false),
      ("sortable", field.isSortable), ("unique", field.isUnique),
      ("updateable", field.isUpdateable), ("writeRequiresMasterRead", false),
    ]
    return flags.map { ($0.0, .boolean($0.1)) }
  }

  /// Whether an administrator gives the rights to it: not to what must be there, nor to what the
  /// server itself fills.
  private func isPermissionable(_ field: FieldDescription) -> Bool {
    let isOptional = field.isNillable || field.kind == .boolean
    return isOptional && (field.isCreateable || field.isReadOnly || field.isCustom)
  }

  private func sizes(of field: FieldDescription) -> [(String, JSON)] {
    let bytes = field.kind.isIdentifier ? field.length : 3 * field.length
    return [
      ("byteLength", .number(bytes)), ("digits", .number(field.digits)),
      ("length", .number(field.length)), ("precision", .number(field.precision)),
      ("scale", .number(field.scale)),
    ]
  }

  private func names(of field: FieldDescription) -> [(String, JSON)] {
    func text(_ text: String?) -> JSON { text.map { .text($0) } ?? .null }
    let empty = [
      "controllerName", "defaultValueFormula", "filteredLookupInfo", "inlineHelpText", "mask",
      "maskType", "referenceTargetField", "relationshipOrder",
    ]
    return empty.map { ($0, .null) } + [
      ("calculatedFormula", text(field.formula?.joined(separator: "."))),
      ("compoundFieldName", text(field.compound)),
      ("defaultValue", field.kind == .boolean ? .boolean(false) : .null),
      ("extraTypeInfo", text(field.extraType)), ("label", .text(field.label)),
      ("name", .text(field.name)), ("picklistValues", .list(field.picklist.map(choice))),
      ("referenceTo", .list(field.referenceTo.map { .text($0) })),
      ("relationshipName", text(field.relationshipName)),
      ("soapType", .text(field.kind.soapType)), ("type", .text(field.kind.rawValue)),
    ]
  }

  private func choice(_ value: PicklistValue) -> JSON {
    .object([
      "active": .boolean(true), "defaultValue": .boolean(value.isDefault),
      "label": .text(value.value), "validFor": .null, "value": .text(value.value),
    ])
  }
}
