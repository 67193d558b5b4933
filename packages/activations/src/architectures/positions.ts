/** Position of places that no query may see. */
export const NOWHERE = 2 ** 30;
