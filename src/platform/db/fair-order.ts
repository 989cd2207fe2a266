/**
 * What a query over all tenants orders by, so that its limit is shared: the first row of each tenant comes before any
 * tenant's second. One tenant with very many then takes no more than its share, and whatever of it fails again and again
 * keeps nobody else waiting.
 *
 * @param tenant the column of the tenant
 * @param order the column that says which of a tenant's rows comes first
 */
export const turnOf = (tenant: string, order: string): string =>
  `row_number() over (partition by ${tenant} order by ${order})`;
