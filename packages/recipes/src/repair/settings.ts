/** How a file of pairs is made not to teach a property. */
export const repairMethods = ['drop', 'relabel', 'counter-pairs'] as const;
export type RepairMethod = (typeof repairMethods)[number];
