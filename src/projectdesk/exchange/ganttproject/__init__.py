"""GanttProject's files (.gan), of 2.x and 3.x, read and written.

May import: domain, errors, exchange.
"""

from projectdesk.exchange.ganttproject.reader import is_ganttproject, read_ganttproject
from projectdesk.exchange.ganttproject.writer import write_ganttproject

__all__ = ["is_ganttproject", "read_ganttproject", "write_ganttproject"]
