"""One module per source system: each turns that source's payload into a LeadEvent.

Pure Python: nothing in this package imports frappe, opens a database or calls the network, so every
parser can be read and tested on its own. registry.py says which module serves which provider.
"""
