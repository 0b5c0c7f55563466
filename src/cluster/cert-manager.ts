/* What cert-manager writes into the objects that it looks after. */

/** The annotation that names the Certificate of a Secret, or of a CertificateRequest. */
export const certificateAnnotation = 'cert-manager.io/certificate-name';

/** The annotations of a Secret that name the Issuer of what is in it. */
export const issuerAnnotations = {name: 'cert-manager.io/issuer-name', kind: 'cert-manager.io/issuer-kind', group: 'cert-manager.io/issuer-group'} as const;

/** The annotation of a CertificateRequest that says which revision of its Certificate it is for. */
export const revisionAnnotation = 'cert-manager.io/certificate-revision';

/** What of a Secret tells whether cert-manager looks after it. */
export type Marked = {annotations: Record<string, string>; owners: Array<{kind: string; name: string}>};

/**
The Certificate by which a Secret says that it was issued: by its annotation, or by its owner, which cert-manager sets only where it is
told to.
*/
export const markedBy = ({annotations, owners}: Marked): string | undefined => {
	const named = annotations[certificateAnnotation] ?? '';
	return named === '' ? owners.find(({kind}) => kind === 'Certificate')?.name : named;
};
