#!/usr/bin/env python3
import os, sys
def twice(n, *rest):
    """doc"""
    if n > 1 and not rest: return n * 2
    elif n is None:
        pass
    else:
        for i in range(3):
            print("n: %d" % i,
                  f"{n} of {rest}")
    return [x for x in rest]

class Box(object):
    def value(self, key='k'):
        return self.held[key]

with open('a.txt') as f:
    data = f.read()
try:
    box = Box(); f = lambda a, b: a + b
except Exception as e:
    raise
print box
