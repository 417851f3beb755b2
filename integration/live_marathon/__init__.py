"""lbgen and Marathon's API over real sockets: what is read, and every way in which it fails."""
