"""Corroboration by the codebook, section 9: what a note says, and how many origins stand behind many reports."""

from webapp.domain.corroboration.findings import Finding, finding_from

__all__ = ["Finding", "finding_from"]
