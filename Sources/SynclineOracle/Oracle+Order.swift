// What came before what, as far as anybody could know.

extension Oracle {
  /// `first` certainly saw the light before `second` was made.
  func precedes(_ first: Act, _ second: Act) -> Bool {
    if first.place == second.place { return first.time < second.time }
    return history.runs.contains { $0.isClean && first.time < $0.start && $0.end < second.time }
  }

  /// `second` may have known of `first`.
  func mayPrecede(_ first: Act, _ second: Act) -> Bool {
    if first.place == second.place { return first.time < second.time }
    return first.time < second.time
      && history.runs.contains { $0.start < second.time && $0.end > first.time }
  }

  /// Whether a record was brought back and a run that might have met it was not shown it (Docs/Guarantees.md,
  /// "Windows").
  func isReturnUnseen(_ act: Act) -> Bool {
    act.isReturn
      && history.runs.contains { act.time < $0.start && $0.unseen[act.place] ?? .max <= act.time }
  }

  /// Whether the birth came after the delete, or on the other side unseen: then it is another record
  /// of that name, which the delete was not about.
  func isUnknown(_ birth: Act, to delete: Act) -> Bool {
    birth.place == delete.place ? birth.time > delete.time : !mayPrecede(birth, delete)
  }

  /// Whether the field held again what it had held, before any run carried what stood there in between: then
  /// nobody can tell that it was edited. Of a key it is not told what stood there.
  func isUndone(_ act: Act, _ field: FieldLaw, _ acts: [Act]) -> Bool {
    let together = acts.filter { other in
      let (first, last) = (min(act.time, other.time), max(act.time, other.time))
      return other.place == act.place && other.kind == .update
        && other.content.keys.contains(field.name)
        && !history.runs.contains {
          $0.isOK && $0.start > first && $0.end < last && !$0.listed.contains(act.record)
        }
    }
    guard let stood = together.first?.before[field.name], let last = together.last,
      last.content[field.name] == .some(stood)
    else { return false }
    let held = content(act.record, act.place.other)?[field.name] ?? nil
    return together.count > 1
      && !together.dropLast().contains {
        images(of: $0.content[field.name] ?? nil, field).contains(held)
      }
  }

  /// Whether the edit, finer than the other system can hold, led to nothing there, and an edit made there was not
  /// shown to the run that found it so: that run had nothing to compare (Docs/Guarantees.md, "Windows").
  func isTooFine(_ act: Act, _ field: FieldLaw, _ acts: [Act]) -> Bool {
    let other = act.place.other
    guard let stood = act.before[field.name], let value = act.content[field.name],
      field.stored(other, stood) == field.stored(other, value)
    else { return false }
    return acts.contains { hidden in
      hidden.place == other && hidden.content.keys.contains(field.name)
        && history.runs.contains {
          act.time < $0.start && $0.unseen[other] ?? .max <= hidden.time && hidden.time < $0.end
        }
    }
  }

  /// Whether the field was edited by hand under the name of the dedicated user, or before that and not seen, and
  /// nobody else edited the record there since: only then it must travel. That it was gone between two runs is
  /// no edit, nor is one of a field that goes nowhere.
  func isLeftByHand(_ field: FieldLaw, _ acts: [Act]) -> Bool {
    acts.contains { byHand in
      byHand.author == .dedicated
        && acts.contains {
          $0.content.keys.contains(field.name) && $0.place == byHand.place
            && ($0.time == byHand.time || isUnderHand($0, byHand))
        }
        && !acts.contains {
          $0.place == byHand.place && $0.time > byHand.time && $0.author != .dedicated
            && $0.author != .answer && !isTakenBack($0, acts) && goesSomewhere($0)
        }
    }
  }

  /// Whether it did more than to change fields of which the mapping, as it was, took nothing to the other side.
  private func goesSomewhere(_ act: Act) -> Bool {
    act.kind != .update
      || history.entities[act.record.entity].fields.contains {
        $0.gives(act.place) && $0.isMapped && $0.since < act.time
          && act.content.keys.contains($0.name)
      }
  }

  /// Whether it deleted the record, or brought it back as it was, and no run can have met it deleted.
  private func isTakenBack(_ act: Act, _ acts: [Act]) -> Bool {
    acts.contains { other in
      let (delete, back) = act.isReturn ? (other, act) : (act, other)
      return delete.kind == .delete && back.isReturn && delete.place == back.place
        && delete.time < back.time
        && !history.runs.contains { $0.start < back.time && delete.time < $0.end }
    }
  }

  /// Whether an edit by hand followed before a run saw it, so that the record bears the dedicated user's name.
  func isUnderHand(_ act: Act, _ byHand: Act) -> Bool {
    byHand.author == .dedicated && act.place == byHand.place && act.time < byHand.time
      && !history.runs.contains { $0.isOK && $0.start > act.time && $0.end < byHand.time }
  }

  /// Whether somebody changed the field since it is mapped as it is, and left it changed. On a side that is only
  /// written, what no run had seen when the mapping was edited and what came after it are one change; how
  /// much of it a run saw that was cut short nobody can tell.
  func isTouched(_ field: FieldLaw, _ acts: [Act]) -> Bool {
    let runs = history.runs.filter { $0.end < field.since }
    let whole = runs.last(where: \.isClean)?.end ?? field.since
    return Place.allCases.contains { place in
      let seen = field.gives(place) ? field.since : whole
      let later = acts.filter {
        $0.place == place && $0.time > seen && $0.kind != .delete
          && $0.content.keys.contains(field.name)
      }
      let glimpsed = later.count { act in runs.contains { act.time < $0.end } }
      return (0...glimpsed).allSatisfy { count in
        let unseen = later.dropFirst(count)
        guard let first = unseen.first, let last = unseen.last, last.time > field.since else {
          return false
        }
        let stood = first.before[field.name]
        return stood == nil || stood != last.content[field.name]
      }
    }
  }

  /// Whether the system emptied the key, or a user who also deleted its parent, before any run settled that one
  /// without the other.
  func sharesFate(_ write: Act, _ acts: [Act], _ field: FieldLaw) -> Bool {
    if write.author == .consequence { return true }
    guard let entity = history.entities[write.record.entity].parents[field.name] else {
      return false
    }
    return acts.contains { earlier in
      guard earlier.time < write.time, let tag = earlier.content[field.name] ?? nil else {
        return false
      }
      return (actsOf[RecordName(entity, tag)] ?? []).contains { delete in
        delete.kind == .delete && delete.place == write.place
          && !history.runs.contains {
            $0.isOK && !$0.listed.contains(write.record) && $0.start > delete.time
              && $0.end < write.time
          }
      }
    }
  }
}
