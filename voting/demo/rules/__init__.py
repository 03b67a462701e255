"""The facts of the demo: places, people who do not exist, small works, and what happens when."""
