"""Threads, the host process, the network: everything with a life of its own.

May import: services, signalling, secrets, language, errors.
"""
