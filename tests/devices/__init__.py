"""Devices without hardware."""
