"""F7: what the library has decided (R8), changed by supervisors: groups, rules, amounts, calendar, places, channels."""
