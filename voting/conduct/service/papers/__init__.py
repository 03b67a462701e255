"""What a step leaves on paper, issued in the same transaction as the step itself."""

from voting.conduct.service.papers.leaving import leave_papers

__all__ = ["leave_papers"]
