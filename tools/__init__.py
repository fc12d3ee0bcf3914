"""Commands of a developer's checkout: find a bench, start services, make sites, run the demo and the checks.

Not part of the app. Standard library only, so that it runs before anything is installed.
"""
