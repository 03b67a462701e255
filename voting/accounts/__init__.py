"""Officers, their sign-in and the people appointed to one round."""
