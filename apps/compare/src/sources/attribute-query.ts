/** What back ends are searched for: they find by an attribute's name and value. */
export interface AttributeQuery {
  key: string;
  value: string;
}

/** The attribute that a bare value is taken to be of. */
const orderAttribute = "orderId";

/** `name=value` says which attribute is meant. */
export function readAttributeQuery(query: string): AttributeQuery {
  const [, key = orderAttribute, value = query] = /^([\w.-]+)=(.*)$/s.exec(query) ?? [];
  return { key, value };
}
