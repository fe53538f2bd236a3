"""Who is meant: mRID, names, name types and their authorities."""
