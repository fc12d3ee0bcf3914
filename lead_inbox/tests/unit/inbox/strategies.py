"""What the tests of the inbox rules draw their examples from."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import strategies as st

from lead_inbox.inbox.rules import Happening, Reason, Situation, Status

statuses = st.sampled_from(Status)
happenings = st.sampled_from(Happening)
reasons = st.sampled_from(["", *(reason.value for reason in Reason)])
situations = st.builds(Situation, st.none() | statuses, st.none() | statuses, reasons, st.booleans())
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31))
durations = st.timedeltas(timedelta(microseconds=1), timedelta(days=40))
