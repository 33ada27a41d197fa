/// A describe with all members that a real one has, and values of our own (reference of the interface, section 3).
enum ObjectShapes {
  /// A field of a describe. `members`: what is otherwise than for an optional text that the user may write.
  static func field(_ name: String, _ type: String, _ members: [String: String] = [:]) -> String {
    var all = [
      "aggregatable": "true", "aiPredictionField": "false", "autoNumber": "false",
      "byteLength": "0", "calculated": "false", "calculatedFormula": "null",
      "cascadeDelete": "false", "caseSensitive": "false", "compoundFieldName": "null",
      "controllerName": "null", "createable": "true", "custom": "false", "defaultValue": "null",
      "defaultValueFormula": "null", "defaultedOnCreate": "false", "dependentPicklist": "false",
      "deprecatedAndHidden": "false", "digits": "0", "displayLocationInDecimal": "false",
      "encrypted": "false", "externalId": "false", "extraTypeInfo": "null", "filterable": "true",
      "filteredLookupInfo": "null", "formulaTreatNullNumberAsZero": "false", "groupable": "true",
      "highScaleNumber": "false", "htmlFormatted": "false", "idLookup": "false",
      "inlineHelpText": "null", "label": #""A label""#, "length": "0", "mask": "null",
      "maskType": "null", "nameField": "false", "namePointing": "false", "nillable": "true",
      "permissionable": "true", "picklistValues": "[]", "polymorphicForeignKey": "false",
      "precision": "0", "queryByDistance": "false", "referenceTargetField": "null",
      "referenceTo": "[]", "relationshipName": "null", "relationshipOrder": "null",
      "restrictedDelete": "false", "restrictedPicklist": "false", "scale": "0",
      "searchPrefilterable": "false", "soapType": #""xsd:string""#, "sortable": "true",
      "unique": "false", "updateable": "true", "writeRequiresMasterRead": "false",
    ]
    all.merge(members) { $1 }
    all["name"] = "\"\(name)\""
    all["type"] = "\"\(type)\""
    return "{" + all.keys.sorted().map { "\"\($0)\": \(all[$0] ?? "null")" }.joined(separator: ", ")
      + "}"
  }

  private static let system = [
    "createable": "false", "updateable": "false", "nillable": "false", "defaultedOnCreate": "true",
    "permissionable": "false",
  ]

  private static let fields = [
    field(
      "Id", "id",
      system.merging(["length": "18", "idLookup": "true", "soapType": #""tns:ID""#]) { $1 }),
    field("IsDeleted", "boolean", system),
    field(
      "MasterRecordId", "reference",
      ["referenceTo": #"["Account"]"#, "createable": "false", "updateable": "false"]),
    field(
      "Name", "string",
      [
        "length": "255", "byteLength": "765", "nillable": "false", "nameField": "true",
        "permissionable": "false", "extraTypeInfo": #""switchablepersonname""#,
      ]),
    field(
      "Type", "picklist",
      [
        "length": "255",
        "picklistValues": """
        [{"active": true, "defaultValue": false, "label": "Prospect", "value": "Prospect", "validFor": null},
         {"active": true, "defaultValue": false, "label": "Other", "value": "Other", "validFor": "gAAA"}]
        """,
      ]),
    field(
      "ParentId", "reference",
      [
        "length": "18", "referenceTo": #"["Account"]"#, "relationshipName": #""Parent""#,
        "soapType": #""tns:ID""#,
      ]),
    field(
      "BillingStreet", "textarea", ["length": "255", "compoundFieldName": #""BillingAddress""#]),
    field(
      "BillingAddress", "address",
      ["createable": "false", "updateable": "false", "sortable": "false"]),
    field(
      "AnnualRevenue", "currency", ["precision": "18", "scale": "0", "soapType": #""xsd:double""#]),
    field("NumberOfEmployees", "int", ["digits": "8", "soapType": #""xsd:int""#]),
    field(
      "OwnerId", "reference",
      ["length": "18", "referenceTo": #"["Group", "User"]"#, "nillable": "false"]),
    field("CreatedDate", "datetime", system), field("CreatedById", "reference", system),
    field("LastModifiedDate", "datetime", system), field("LastModifiedById", "reference", system),
    field("SystemModstamp", "datetime", system),
    field("LastActivityDate", "date", ["createable": "false", "updateable": "false"]),
    field("Signed__c", "date", ["custom": "true"]),
    field("Rating__c", "percent", ["custom": "true", "precision": "5", "scale": "2"]),
    field(
      "Active__c", "boolean", ["custom": "true", "nillable": "false", "defaultedOnCreate": "true"]),
  ]

  /// The describe of an Account.
  static let account = """
    {"actionOverrides": [], "activateable": false, "associateEntityType": null, "associateParentEntity": null,
     "childRelationships": [{"cascadeDelete": false, "childSObject": "Contact", "deprecatedAndHidden": false,
       "field": "AccountId", "junctionIdListNames": [], "junctionReferenceTo": [], "relationshipName": "Contacts",
       "restrictedDelete": false}],
     "compactLayoutable": true, "createable": true, "custom": false, "customSetting": false,
     "deepCloneable": false, "defaultImplementation": null, "deletable": true, "deprecatedAndHidden": false,
     "extendedBy": null, "extendsInterfaces": null, "feedEnabled": true,
     "fields": [\(fields.joined(separator: ",\n"))],
     "hasSubtypes": false, "implementedBy": null, "implementsInterfaces": null, "isInterface": false,
     "isSubtype": false, "keyPrefix": "001", "label": "Account", "labelPlural": "Accounts", "layoutable": true,
     "listviewable": null, "lookupLayoutable": null, "mergeable": true, "mruEnabled": true, "name": "Account",
     "namedLayoutInfos": [], "networkScopeFieldName": null, "queryable": true,
     "recordTypeInfos": [{"active": true, "available": true, "defaultRecordTypeMapping": true,
       "developerName": "Master", "master": true, "name": "Master", "recordTypeId": "012000000000000AAA",
       "urls": {"layout": "/services/data/v60.0/sobjects/Account/describe/layouts/012000000000000AAA"}}],
     "replicateable": true, "retrieveable": true, "searchLayoutable": true, "searchable": true,
     "sobjectDescribeOption": "FULL", "supportedScopes": [{"label": "All accounts", "name": "everything"}],
     "triggerable": true, "undeletable": true, "updateable": true,
     "urls": {"sobject": "/services/data/v60.0/sobjects/Account"}}
    """
}
