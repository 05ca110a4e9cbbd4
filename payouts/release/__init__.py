"""Release of what shops have earned: schedules, holds, the rounds that release, and the reserve."""
