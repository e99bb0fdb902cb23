"""The columns of the long CSV of a report: what its writer and its reader share."""

COLUMNS = ("年度", "机关", "表", "行", "列", "键", "数值", "单位")
"""The heads; the last year's number may stand behind them."""
LAST_YEAR = "上年数值"
COVER, TEXTS = "封面", "文字"
"""What stands for a table in lines of the cover and of the texts."""
DRAFT = "草稿", "draft"
"""What stands for a table in the line that says that it is a draft, and its key."""
BODY, TEXT = "body.", "narrative."
"""What their keys begin with."""
