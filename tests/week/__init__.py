"""A week of the bot's life, simulated: `tests/simulate_week.py` is the command.

`plan` says what is simulated and how fast, `news` (of `names`) and `sites` make the news and serve
it, `crowd` and `trouble` are the readers and what goes wrong, `life` is the bot's own process and
`lives` keeps it running, `gauge` measures its memory, `logbook` and `judge` say what was not as
promised, `world` brings all of it together.
"""
