"""运行保障: backups, checks, periodic work, outages, paper for a power cut. No stage imports it."""
