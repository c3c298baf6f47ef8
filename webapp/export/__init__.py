"""The annotations go out as CSV that cuts the stored text exactly."""
