"""The use cases of the upkeep: checking, backing up, outages, repacking, paper of an outage."""
