"""The sample project out of `resources/samples`: an invented consortium, nine months into its work.

It is made of the same records as a real one. Nothing in it is real: names are invented, addresses
end in .example, participant codes begin with zeros.

May import: store, text, domain, errors, resources, services.session, services.rows.
"""
