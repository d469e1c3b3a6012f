"""Campuses, buildings, dormitories, canteens of one university."""
