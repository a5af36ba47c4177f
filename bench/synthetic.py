"""What the makers of synthetic logs share: their options, their dice and ids. Same seed, same bytes."""
import argparse
import random


class Dice(random.Random):
    def guid(self) -> str:
        return "%08x-%04x-%04x-%04x-%012x" % tuple(self.getrandbits(bits) for bits in (32, 16, 16, 16, 48))


def asked_for(description: str) -> argparse.Namespace:
    """OUT [--mb 256] [--seed 1], and the dice of that seed."""
    options = argparse.ArgumentParser(description=description.splitlines()[0])
    options.add_argument("out")
    options.add_argument("--mb", type=float, default=256)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    asked.dice = Dice(asked.seed)
    return asked
