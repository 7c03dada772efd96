"""Who is told what of a meeting or a series, and the mail that says it.

`planning` finds out who gets what, `composing` writes one mail for one person, `told` keeps what
they were told. The commands are `services.commands.inviting` and `services.commands.replies`.
"""
