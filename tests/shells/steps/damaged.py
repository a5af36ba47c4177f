def f(:
  if x
      y = (1,
else:
	class
  "open
lambda: x:
with a as
 f"{x" \
