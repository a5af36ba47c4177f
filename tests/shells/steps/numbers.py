print(1_000, 0xf_f, 1_0.5, chr(1_01))
