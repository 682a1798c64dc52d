"""The one place of the site that asks the clock. Dates are those of the readers, in Korea."""

import datetime as dt
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")


def today() -> dt.date:
    return dt.datetime.now(SEOUL).date()
