import { ByName } from './by-name';
import { PlainTemplates, Resource, TemplateSource, textsAt } from './plain-template';

/** Types of resources that others name by the name or the ARN that their template gives them, and the property with the name. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['AWS::IAM::Role', 'RoleName'],
  ['AWS::IAM::User', 'UserName'],
  ['AWS::IAM::Group', 'GroupName'],
  ['AWS::IAM::ManagedPolicy', 'ManagedPolicyName'],
]);

/** Roles, users, groups and managed policies of the templates by reference, by name and by ARN. */
export class IamNames {
  private readonly byName = new ByName<Resource>();

  constructor(private readonly templates: PlainTemplates) {
    for (const resource of templates.resources) {
      const property = NAMES.get(resource.type);
      if (property === undefined) continue;
      for (const name of textsAt(resource.properties, property)) this.byName.add(resource.source, `${resource.type} ${name}`, resource);
    }
  }

  /** The resources of a type that a text of a template names: a reference, a name, or an ARN such as `arn:aws:iam::123456789012:role/chat`. */
  public named(text: string, type: string, source: TemplateSource): Resource[] {
    const refs = this.templates.refsIn(text);
    if (refs.length > 0) return refs;
    const resource = this.byName.get(source, `${type} ${text.slice(text.lastIndexOf('/') + 1)}`);
    return resource === undefined ? [] : [resource];
  }
}
