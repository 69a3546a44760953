"""Speed, measured on a running show or beside a reference in the same run."""
