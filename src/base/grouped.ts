/** A whole number for people: 1234567.8 is 1,234,568. */
export const grouped = (count: number): string => String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
