"""Where reservations are kept, so that no two programs hold one port."""

from lbgen.ports.reservation import Reservation
from lbgen.ports.store.held import RefusedError, Wanted
from lbgen.ports.store.reservations import Reservations

__all__ = ["RefusedError", "Reservation", "Reservations", "Wanted"]
