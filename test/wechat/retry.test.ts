// Waits are inside their policy, grow, and end; the budget is one pot.
import { describe, expect, test } from 'vitest';
import { BUDGET, createBudget, isPassing, POLICIES, planWait } from '../../src/wechat/retry.ts';

describe('planWait', () => {
  test.each([
    ['network', 1, 0, 500],
    ['network', 1, 1, 2000],
    ['network', 2, 0, 500],
    ['network', 2, 1, 8000],
    ['network', 3, 0.5, null],
    ['busy', 1, 0.5, 1250],
    ['busy', 3, 0, null],
    ['minute', 1, 0, 60_000],
    ['minute', 1, 1, 65_000],
    ['minute', 2, 0, null],
  ] as const)('%s after %i tries at %d: %s', (name, tries, random, wait) => {
    expect(planWait(POLICIES[name], tries, () => random)).toBe(wait);
  });

  test('never above the ceiling', () => {
    expect(planWait({ tries: 99, leastMs: 500, mostMs: 20_000 }, 50, () => 1)).toBe(20_000);
  });
});

test.each([
  [200, true],
  [429, true],
  [500, true],
  [502, true],
  [501, false],
  [307, false],
  [404, false],
  [412, false],
])('status %i may pass by itself: %s', (status, passing) => {
  expect(isPassing(status)).toBe(passing);
});

test('the budget is spent, and success gives a little back', () => {
  const budget = createBudget();
  for (let i = 0; i < BUDGET.repeats; i += 1) expect(budget.take()).toBe(true);
  expect(budget.take()).toBe(false);
  for (let i = 0; i < Math.ceil(1 / BUDGET.perSuccess) + 1; i += 1) budget.refill();
  expect([budget.take(), budget.take()]).toEqual([true, false]);
});
