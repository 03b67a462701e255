"""Who may stand on a roll: identity numbers, age, names, rooms, and the columns of a spreadsheet."""
