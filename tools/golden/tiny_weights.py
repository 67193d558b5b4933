"""Weights that follow from their names, so that golden files need not hold them; packages/activations/test/support/tiny-checkpoint.ts makes the same."""

import torch

MASK = 0xFFFFFFFF


def avalanche(z):
    z = ((z ^ (z >> 16)) * 0x85EBCA6B) & MASK
    z = ((z ^ (z >> 13)) * 0xC2B2AE35) & MASK
    return z ^ (z >> 16)


def weights(name, shape, seed=0):
    """Multiples of 1/64 between -0.5 and 0.5, and between 0.5 and 1.5 for the weights of norms."""
    salt = 0x811C9DC5 ^ seed
    for letter in name.encode():
        salt = ((salt ^ letter) * 0x01000193) & MASK
    centre = 1.0 if len(shape) == 1 and name.endswith(".weight") else 0.0
    count = torch.Size(shape).numel()
    values = [centre + (avalanche((salt + i * 0x9E3779B9) & MASK) * 65 // 2**32 - 32) / 64 for i in range(count)]
    return torch.tensor(values, dtype=torch.float32).reshape(shape)
