"""District, street, community, estate: an officer acts only inside their own."""
