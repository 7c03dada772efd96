"""The Qt application: what a project manager sees and touches.

No asyncio here; slow work runs on the pool of `runtime`, results come back by signal.

May import: services, signalling, domain, secrets, errors, resources.
"""
