"""What every room's REST door is made of."""
