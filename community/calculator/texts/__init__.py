"""Calculations inside answers, notes and claims."""
