"""Rules: functions from a build to findings."""
