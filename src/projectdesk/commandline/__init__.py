"""What each command of `projectdesk` does; `cli` says how it is spelled.

Composition: may import all. Nothing imports it but `cli`, which loads a module when it is needed.
"""
