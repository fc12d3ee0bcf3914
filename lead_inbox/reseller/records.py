"""Names of the DocTypes of reselling."""

from __future__ import annotations

RESELLER_CUSTOMER = "Reseller Customer"
FAMILY = "Reseller Product Family"
PRODUCT = "Reseller Product"
REQUEST = "Reseller Vendor Request"
CHECK = "Reseller Customer Check"
CONSENT = "Reseller Customer Consent"
DETAIL_CHECK = "Reseller Detail Check"
SETTINGS = "Lead Inbox Settings"
