from voting.upkeep.service.checking import check_everything


def faults(database):
    """Everything but what the tests' own careless server is told about."""
    return [
        one for one in check_everything(database.reading) if one.code not in {"settings", "advice"}
    ]


def test_a_round_that_went_its_way_holds_against_itself(any_database, database, whole):
    assert faults(database) == []
