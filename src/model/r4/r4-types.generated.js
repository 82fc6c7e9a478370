// Made by `npm run generate` from the official R4 definitions (npm hl7.fhir.r4.examples 4.0.1, CC0-1.0). Not to be edited.
export const typesText = `Account r DomainResource
 identifier Identifier
 status code
 type CodeableConcept
 name string
 subject Reference
 servicePeriod Period
 coverage Account.coverage
 owner Reference
 description string
 guarantor Account.guarantor
 partOf Reference
Account.coverage b BackboneElement
 coverage Reference
 priority positiveInt
Account.guarantor b BackboneElement
 party Reference
 onHold boolean
 period Period
ActivityDefinition r DomainResource
 url uri
 identifier Identifier
 version string
 name string
 title string
 subtitle string
 status code
 experimental boolean
 subject* CodeableConcept Reference
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 useContext UsageContext
 jurisdiction CodeableConcept
 purpose markdown
 usage string
 copyright markdown
 approvalDate date
 lastReviewDate date
 effectivePeriod Period
 topic CodeableConcept
 author ContactDetail
 editor ContactDetail
 reviewer ContactDetail
 endorser ContactDetail
 relatedArtifact RelatedArtifact
 library canonical
 kind code
 profile canonical
 code CodeableConcept
 intent code
 priority code
 doNotPerform boolean
 timing* Timing dateTime Age Period Range Duration
 location Reference
 participant ActivityDefinition.participant
 product* Reference CodeableConcept
 quantity Quantity
 dosage Dosage
 bodySite CodeableConcept
 specimenRequirement Reference
 observationRequirement Reference
 observationResultRequirement Reference
 transform canonical
 dynamicValue ActivityDefinition.dynamicValue
ActivityDefinition.dynamicValue b BackboneElement
 path string
 expression Expression
ActivityDefinition.participant b BackboneElement
 type code
 role CodeableConcept
Address c Element
 use code
 type code
 text string
 line string
 city string
 district string
 state string
 postalCode string
 country string
 period Period
AdverseEvent r DomainResource
 identifier Identifier
 actuality code
 category CodeableConcept
 event CodeableConcept
 subject Reference
 encounter Reference
 date dateTime
 detected dateTime
 recordedDate dateTime
 resultingCondition Reference
 location Reference
 seriousness CodeableConcept
 severity CodeableConcept
 outcome CodeableConcept
 recorder Reference
 contributor Reference
 suspectEntity AdverseEvent.suspectEntity
 subjectMedicalHistory Reference
 referenceDocument Reference
 study Reference
AdverseEvent.suspectEntity b BackboneElement
 instance Reference
 causality AdverseEvent.suspectEntity.causality
AdverseEvent.suspectEntity.causality b BackboneElement
 assessment CodeableConcept
 productRelatedness string
 author Reference
 method CodeableConcept
Age c Quantity
AllergyIntolerance r DomainResource
 identifier Identifier
 clinicalStatus CodeableConcept
 verificationStatus CodeableConcept
 type code
 category code
 criticality code
 code CodeableConcept
 patient Reference
 encounter Reference
 onset* dateTime Age Period Range string
 recordedDate dateTime
 recorder Reference
 asserter Reference
 lastOccurrence dateTime
 note Annotation
 reaction AllergyIntolerance.reaction
AllergyIntolerance.reaction b BackboneElement
 substance CodeableConcept
 manifestation CodeableConcept
 description string
 onset dateTime
 severity code
 exposureRoute CodeableConcept
 note Annotation
Annotation c Element
 author* Reference string
 time dateTime
 text markdown
Appointment r DomainResource
 identifier Identifier
 status code
 cancelationReason CodeableConcept
 serviceCategory CodeableConcept
 serviceType CodeableConcept
 specialty CodeableConcept
 appointmentType CodeableConcept
 reasonCode CodeableConcept
 reasonReference Reference
 priority unsignedInt
 description string
 supportingInformation Reference
 start instant
 end instant
 minutesDuration positiveInt
 slot Reference
 created dateTime
 comment string
 patientInstruction string
 basedOn Reference
 participant Appointment.participant
 requestedPeriod Period
Appointment.participant b BackboneElement
 type CodeableConcept
 actor Reference
 required code
 status code
 period Period
AppointmentResponse r DomainResource
 identifier Identifier
 appointment Reference
 start instant
 end instant
 participantType CodeableConcept
 actor Reference
 participantStatus code
 comment string
Attachment c Element
 contentType code
 language code
 data base64Binary
 url url
 size unsignedInt
 hash base64Binary
 title string
 creation dateTime
AuditEvent r DomainResource
 type Coding
 subtype Coding
 action code
 period Period
 recorded instant
 outcome code
 outcomeDesc string
 purposeOfEvent CodeableConcept
 agent AuditEvent.agent
 source AuditEvent.source
 entity AuditEvent.entity
AuditEvent.agent b BackboneElement
 type CodeableConcept
 role CodeableConcept
 who Reference
 altId string
 name string
 requestor boolean
 location Reference
 policy uri
 media Coding
 network AuditEvent.agent.network
 purposeOfUse CodeableConcept
AuditEvent.agent.network b BackboneElement
 address string
 type code
AuditEvent.entity b BackboneElement
 what Reference
 type Coding
 role Coding
 lifecycle Coding
 securityLabel Coding
 name string
 description string
 query base64Binary
 detail AuditEvent.entity.detail
AuditEvent.entity.detail b BackboneElement
 type string
 value* string base64Binary
AuditEvent.source b BackboneElement
 site string
 observer Reference
 type Coding
BackboneElement c Element
 modifierExtension Extension
Basic r DomainResource
 identifier Identifier
 code CodeableConcept
 subject Reference
 created date
 author Reference
Binary r Resource
 contentType code
 securityContext Reference
 data base64Binary
BiologicallyDerivedProduct r DomainResource
 identifier Identifier
 productCategory code
 productCode CodeableConcept
 status code
 request Reference
 quantity integer
 parent Reference
 collection BiologicallyDerivedProduct.collection
 processing BiologicallyDerivedProduct.processing
 manipulation BiologicallyDerivedProduct.manipulation
 storage BiologicallyDerivedProduct.storage
BiologicallyDerivedProduct.collection b BackboneElement
 collector Reference
 source Reference
 collected* dateTime Period
BiologicallyDerivedProduct.manipulation b BackboneElement
 description string
 time* dateTime Period
BiologicallyDerivedProduct.processing b BackboneElement
 description string
 procedure CodeableConcept
 additive Reference
 time* dateTime Period
BiologicallyDerivedProduct.storage b BackboneElement
 description string
 temperature decimal
 scale code
 duration Period
BodyStructure r DomainResource
 identifier Identifier
 active boolean
 morphology CodeableConcept
 location CodeableConcept
 locationQualifier CodeableConcept
 description string
 image Attachment
 patient Reference
Bundle r Resource
 identifier Identifier
 type code
 timestamp instant
 total unsignedInt
 link Bundle.link
 entry Bundle.entry
 signature Signature
Bundle.entry b BackboneElement
 link Bundle.link
 fullUrl uri
 resource Resource
 search Bundle.entry.search
 request Bundle.entry.request
 response Bundle.entry.response
Bundle.entry.request b BackboneElement
 method code
 url uri
 ifNoneMatch string
 ifModifiedSince instant
 ifMatch string
 ifNoneExist string
Bundle.entry.response b BackboneElement
 status string
 location uri
 etag string
 lastModified instant
 outcome Resource
Bundle.entry.search b BackboneElement
 mode code
 score decimal
Bundle.link b BackboneElement
 relation string
 url uri
CapabilityStatement r DomainResource
 url uri
 version string
 name string
 title string
 status code
 experimental boolean
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 useContext UsageContext
 jurisdiction CodeableConcept
 purpose markdown
 copyright markdown
 kind code
 instantiates canonical
 imports canonical
 software CapabilityStatement.software
 implementation CapabilityStatement.implementation
 fhirVersion code
 format code
 patchFormat code
 implementationGuide canonical
 rest CapabilityStatement.rest
 messaging CapabilityStatement.messaging
 document CapabilityStatement.document
CapabilityStatement.document b BackboneElement
 mode code
 documentation markdown
 profile canonical
CapabilityStatement.implementation b BackboneElement
 description string
 url url
 custodian Reference
CapabilityStatement.messaging b BackboneElement
 endpoint CapabilityStatement.messaging.endpoint
 reliableCache unsignedInt
 documentation markdown
 supportedMessage CapabilityStatement.messaging.supportedMessage
CapabilityStatement.messaging.endpoint b BackboneElement
 protocol Coding
 address url
CapabilityStatement.messaging.supportedMessage b BackboneElement
 mode code
 definition canonical
CapabilityStatement.rest b BackboneElement
 mode code
 documentation markdown
 security CapabilityStatement.rest.security
 resource CapabilityStatement.rest.resource
 interaction CapabilityStatement.rest.interaction
 searchParam CapabilityStatement.rest.resource.searchParam
 operation CapabilityStatement.rest.resource.operation
 compartment canonical
CapabilityStatement.rest.interaction b BackboneElement
 code code
 documentation markdown
CapabilityStatement.rest.resource b BackboneElement
 type code
 profile canonical
 supportedProfile canonical
 documentation markdown
 interaction CapabilityStatement.rest.resource.interaction
 versioning code
 readHistory boolean
 updateCreate boolean
 conditionalCreate boolean
 conditionalRead code
 conditionalUpdate boolean
 conditionalDelete code
 referencePolicy code
 searchInclude string
 searchRevInclude string
 searchParam CapabilityStatement.rest.resource.searchParam
 operation CapabilityStatement.rest.resource.operation
CapabilityStatement.rest.resource.interaction b BackboneElement
 code code
 documentation markdown
CapabilityStatement.rest.resource.operation b BackboneElement
 name string
 definition canonical
 documentation markdown
CapabilityStatement.rest.resource.searchParam b BackboneElement
 name string
 definition canonical
 type code
 documentation markdown
CapabilityStatement.rest.security b BackboneElement
 cors boolean
 service CodeableConcept
 description markdown
CapabilityStatement.software b BackboneElement
 name string
 version string
 releaseDate dateTime
CarePlan r DomainResource
 identifier Identifier
 instantiatesCanonical canonical
 instantiatesUri uri
 basedOn Reference
 replaces Reference
 partOf Reference
 status code
 intent code
 category CodeableConcept
 title string
 description string
 subject Reference
 encounter Reference
 period Period
 created dateTime
 author Reference
 contributor Reference
 careTeam Reference
 addresses Reference
 supportingInfo Reference
 goal Reference
 activity CarePlan.activity
 note Annotation
CarePlan.activity b BackboneElement
 outcomeCodeableConcept CodeableConcept
 outcomeReference Reference
 progress Annotation
 reference Reference
 detail CarePlan.activity.detail
CarePlan.activity.detail b BackboneElement
 kind code
 instantiatesCanonical canonical
 instantiatesUri uri
 code CodeableConcept
 reasonCode CodeableConcept
 reasonReference Reference
 goal Reference
 status code
 statusReason CodeableConcept
 doNotPerform boolean
 scheduled* Timing Period string
 location Reference
 performer Reference
 product* CodeableConcept Reference
 dailyAmount Quantity
 quantity Quantity
 description string
CareTeam r DomainResource
 identifier Identifier
 status code
 category CodeableConcept
 name string
 subject Reference
 encounter Reference
 period Period
 participant CareTeam.participant
 reasonCode CodeableConcept
 reasonReference Reference
 managingOrganization Reference
 telecom ContactPoint
 note Annotation
CareTeam.participant b BackboneElement
 role CodeableConcept
 member Reference
 onBehalfOf Reference
 period Period
CatalogEntry r DomainResource
 identifier Identifier
 type CodeableConcept
 orderable boolean
 referencedItem Reference
 additionalIdentifier Identifier
 classification CodeableConcept
 status code
 validityPeriod Period
 validTo dateTime
 lastUpdated dateTime
 additionalCharacteristic CodeableConcept
 additionalClassification CodeableConcept
 relatedEntry CatalogEntry.relatedEntry
CatalogEntry.relatedEntry b BackboneElement
 relationtype code
 item Reference
ChargeItem r DomainResource
 identifier Identifier
 definitionUri uri
 definitionCanonical canonical
 status code
 partOf Reference
 code CodeableConcept
 subject Reference
 context Reference
 occurrence* dateTime Period Timing
 performer ChargeItem.performer
 performingOrganization Reference
 requestingOrganization Reference
 costCenter Reference
 quantity Quantity
 bodysite CodeableConcept
 factorOverride decimal
 priceOverride Money
 overrideReason string
 enterer Reference
 enteredDate dateTime
 reason CodeableConcept
 service Reference
 product* Reference CodeableConcept
 account Reference
 note Annotation
 supportingInformation Reference
ChargeItem.performer b BackboneElement
 function CodeableConcept
 actor Reference
ChargeItemDefinition r DomainResource
 url uri
 identifier Identifier
 version string
 title string
 derivedFromUri uri
 partOf canonical
 replaces canonical
 status code
 experimental boolean
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 useContext UsageContext
 jurisdiction CodeableConcept
 copyright markdown
 approvalDate date
 lastReviewDate date
 effectivePeriod Period
 code CodeableConcept
 instance Reference
 applicability ChargeItemDefinition.applicability
 propertyGroup ChargeItemDefinition.propertyGroup
ChargeItemDefinition.applicability b BackboneElement
 description string
 language string
 expression string
ChargeItemDefinition.propertyGroup b BackboneElement
 applicability ChargeItemDefinition.applicability
 priceComponent ChargeItemDefinition.propertyGroup.priceComponent
ChargeItemDefinition.propertyGroup.priceComponent b BackboneElement
 type code
 code CodeableConcept
 factor decimal
 amount Money
Claim r DomainResource
 identifier Identifier
 status code
 type CodeableConcept
 subType CodeableConcept
 use code
 patient Reference
 billablePeriod Period
 created dateTime
 enterer Reference
 insurer Reference
 provider Reference
 priority CodeableConcept
 fundsReserve CodeableConcept
 related Claim.related
 prescription Reference
 originalPrescription Reference
 payee Claim.payee
 referral Reference
 facility Reference
 careTeam Claim.careTeam
 supportingInfo Claim.supportingInfo
 diagnosis Claim.diagnosis
 procedure Claim.procedure
 insurance Claim.insurance
 accident Claim.accident
 item Claim.item
 total Money
Claim.accident b BackboneElement
 date date
 type CodeableConcept
 location* Address Reference
Claim.careTeam b BackboneElement
 sequence positiveInt
 provider Reference
 responsible boolean
 role CodeableConcept
 qualification CodeableConcept
Claim.diagnosis b BackboneElement
 sequence positiveInt
 diagnosis* CodeableConcept Reference
 type CodeableConcept
 onAdmission CodeableConcept
 packageCode CodeableConcept
Claim.insurance b BackboneElement
 sequence positiveInt
 focal boolean
 identifier Identifier
 coverage Reference
 businessArrangement string
 preAuthRef string
 claimResponse Reference
Claim.item b BackboneElement
 sequence positiveInt
 careTeamSequence positiveInt
 diagnosisSequence positiveInt
 procedureSequence positiveInt
 informationSequence positiveInt
 revenue CodeableConcept
 category CodeableConcept
 productOrService CodeableConcept
 modifier CodeableConcept
 programCode CodeableConcept
 serviced* date Period
 location* CodeableConcept Address Reference
 quantity Quantity
 unitPrice Money
 factor decimal
 net Money
 udi Reference
 bodySite CodeableConcept
 subSite CodeableConcept
 encounter Reference
 detail Claim.item.detail
Claim.item.detail b BackboneElement
 sequence positiveInt
 revenue CodeableConcept
 category CodeableConcept
 productOrService CodeableConcept
 modifier CodeableConcept
 programCode CodeableConcept
 quantity Quantity
 unitPrice Money
 factor decimal
 net Money
 udi Reference
 subDetail Claim.item.detail.subDetail
Claim.item.detail.subDetail b BackboneElement
 sequence positiveInt
 revenue CodeableConcept
 category CodeableConcept
 productOrService CodeableConcept
 modifier CodeableConcept
 programCode CodeableConcept
 quantity Quantity
 unitPrice Money
 factor decimal
 net Money
 udi Reference
Claim.payee b BackboneElement
 type CodeableConcept
 party Reference
Claim.procedure b BackboneElement
 sequence positiveInt
 type CodeableConcept
 date dateTime
 procedure* CodeableConcept Reference
 udi Reference
Claim.related b BackboneElement
 claim Reference
 relationship CodeableConcept
 reference Identifier
Claim.supportingInfo b BackboneElement
 sequence positiveInt
 category CodeableConcept
 code CodeableConcept
 timing* date Period
 value* boolean string Quantity Attachment Reference
 reason CodeableConcept
ClaimResponse r DomainResource
 identifier Identifier
 status code
 type CodeableConcept
 subType CodeableConcept
 use code
 patient Reference
 created dateTime
 insurer Reference
 requestor Reference
 request Reference
 outcome code
 disposition string
 preAuthRef string
 preAuthPeriod Period
 payeeType CodeableConcept
 item ClaimResponse.item
 addItem ClaimResponse.addItem
 adjudication ClaimResponse.item.adjudication
 total ClaimResponse.total
 payment ClaimResponse.payment
 fundsReserve CodeableConcept
 formCode CodeableConcept
 form Attachment
 processNote ClaimResponse.processNote
 communicationRequest Reference
 insurance ClaimResponse.insurance
 error ClaimResponse.error
ClaimResponse.addItem b BackboneElement
 itemSequence positiveInt
 detailSequence positiveInt
 subdetailSequence positiveInt
 provider Reference
 productOrService CodeableConcept
 modifier CodeableConcept
 programCode CodeableConcept
 serviced* date Period
 location* CodeableConcept Address Reference
 quantity Quantity
 unitPrice Money
 factor decimal
 net Money
 bodySite CodeableConcept
 subSite CodeableConcept
 noteNumber positiveInt
 adjudication ClaimResponse.item.adjudication
 detail ClaimResponse.addItem.detail
ClaimResponse.addItem.detail b BackboneElement
 productOrService CodeableConcept
 modifier CodeableConcept
 quantity Quantity
 unitPrice Money
 factor decimal
 net Money
 noteNumber positiveInt
 adjudication ClaimResponse.item.adjudication
 subDetail ClaimResponse.addItem.detail.subDetail
ClaimResponse.addItem.detail.subDetail b BackboneElement
 productOrService CodeableConcept
 modifier CodeableConcept
 quantity Quantity
 unitPrice Money
 factor decimal
 net Money
 noteNumber positiveInt
 adjudication ClaimResponse.item.adjudication
ClaimResponse.error b BackboneElement
 itemSequence positiveInt
 detailSequence positiveInt
 subDetailSequence positiveInt
 code CodeableConcept
ClaimResponse.insurance b BackboneElement
 sequence positiveInt
 focal boolean
 coverage Reference
 businessArrangement string
 claimResponse Reference
ClaimResponse.item b BackboneElement
 itemSequence positiveInt
 noteNumber positiveInt
 adjudication ClaimResponse.item.adjudication
 detail ClaimResponse.item.detail
ClaimResponse.item.adjudication b BackboneElement
 category CodeableConcept
 reason CodeableConcept
 amount Money
 value decimal
ClaimResponse.item.detail b BackboneElement
 detailSequence positiveInt
 noteNumber positiveInt
 adjudication ClaimResponse.item.adjudication
 subDetail ClaimResponse.item.detail.subDetail
ClaimResponse.item.detail.subDetail b BackboneElement
 subDetailSequence positiveInt
 noteNumber positiveInt
 adjudication ClaimResponse.item.adjudication
ClaimResponse.payment b BackboneElement
 type CodeableConcept
 adjustment Money
 adjustmentReason CodeableConcept
 date date
 amount Money
 identifier Identifier
ClaimResponse.processNote b BackboneElement
 number positiveInt
 type code
 text string
 language CodeableConcept
ClaimResponse.total b BackboneElement
 category CodeableConcept
 amount Money
ClinicalImpression r DomainResource
 identifier Identifier
 status code
 statusReason CodeableConcept
 code CodeableConcept
 description string
 subject Reference
 encounter Reference
 effective* dateTime Period
 date dateTime
 assessor Reference
 previous Reference
 problem Reference
 investigation ClinicalImpression.investigation
 protocol uri
 summary string
 finding ClinicalImpression.finding
 prognosisCodeableConcept CodeableConcept
 prognosisReference Reference
 supportingInfo Reference
 note Annotation
ClinicalImpression.finding b BackboneElement
 itemCodeableConcept CodeableConcept
 itemReference Reference
 basis string
ClinicalImpression.investigation b BackboneElement
 code CodeableConcept
 item Reference
CodeSystem r DomainResource
 url uri
 identifier Identifier
 version string
 name string
 title string
 status code
 experimental boolean
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 useContext UsageContext
 jurisdiction CodeableConcept
 purpose markdown
 copyright markdown
 caseSensitive boolean
 valueSet canonical
 hierarchyMeaning code
 compositional boolean
 versionNeeded boolean
 content code
 supplements canonical
 count unsignedInt
 filter CodeSystem.filter
 property CodeSystem.property
 concept CodeSystem.concept
CodeSystem.concept b BackboneElement
 code code
 display string
 definition string
 designation CodeSystem.concept.designation
 property CodeSystem.concept.property
 concept CodeSystem.concept
CodeSystem.concept.designation b BackboneElement
 language code
 use Coding
 value string
CodeSystem.concept.property b BackboneElement
 code code
 value* code Coding string integer boolean dateTime decimal
CodeSystem.filter b BackboneElement
 code code
 description string
 operator code
 value string
CodeSystem.property b BackboneElement
 code code
 uri uri
 description string
 type code
CodeableConcept c Element
 coding Coding
 text string
Coding c Element
 system uri
 version string
 code code
 display string
 userSelected boolean
Communication r DomainResource
 identifier Identifier
 instantiatesCanonical canonical
 instantiatesUri uri
 basedOn Reference
 partOf Reference
 inResponseTo Reference
 status code
 statusReason CodeableConcept
 category CodeableConcept
 priority code
 medium CodeableConcept
 subject Reference
 topic CodeableConcept
 about Reference
 encounter Reference
 sent dateTime
 received dateTime
 recipient Reference
 sender Reference
 reasonCode CodeableConcept
 reasonReference Reference
 payload Communication.payload
 note Annotation
Communication.payload b BackboneElement
 content* string Attachment Reference
CommunicationRequest r DomainResource
 identifier Identifier
 basedOn Reference
 replaces Reference
 groupIdentifier Identifier
 status code
 statusReason CodeableConcept
 category CodeableConcept
 priority code
 doNotPerform boolean
 medium CodeableConcept
 subject Reference
 about Reference
 encounter Reference
 payload CommunicationRequest.payload
 occurrence* dateTime Period
 authoredOn dateTime
 requester Reference
 recipient Reference
 sender Reference
 reasonCode CodeableConcept
 reasonReference Reference
 note Annotation
CommunicationRequest.payload b BackboneElement
 content* string Attachment Reference
CompartmentDefinition r DomainResource
 url uri
 version string
 name string
 status code
 experimental boolean
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 useContext UsageContext
 purpose markdown
 code code
 search boolean
 resource CompartmentDefinition.resource
CompartmentDefinition.resource b BackboneElement
 code code
 param string
 documentation string
Composition r DomainResource
 identifier Identifier
 status code
 type CodeableConcept
 category CodeableConcept
 subject Reference
 encounter Reference
 date dateTime
 author Reference
 title string
 confidentiality code
 attester Composition.attester
 custodian Reference
 relatesTo Composition.relatesTo
 event Composition.event
 section Composition.section
Composition.attester b BackboneElement
 mode code
 time dateTime
 party Reference
Composition.event b BackboneElement
 code CodeableConcept
 period Period
 detail Reference
Composition.relatesTo b BackboneElement
 code code
 target* Identifier Reference
Composition.section b BackboneElement
 title string
 code CodeableConcept
 author Reference
 focus Reference
 text Narrative
 mode code
 orderedBy CodeableConcept
 entry Reference
 emptyReason CodeableConcept
 section Composition.section
ConceptMap r DomainResource
 url uri
 identifier Identifier
 version string
 name string
 title string
 status code
 experimental boolean
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 useContext UsageContext
 jurisdiction CodeableConcept
 purpose markdown
 copyright markdown
 source* uri canonical
 target* uri canonical
 group ConceptMap.group
ConceptMap.group b BackboneElement
 source uri
 sourceVersion string
 target uri
 targetVersion string
 element ConceptMap.group.element
 unmapped ConceptMap.group.unmapped
ConceptMap.group.element b BackboneElement
 code code
 display string
 target ConceptMap.group.element.target
ConceptMap.group.element.target b BackboneElement
 code code
 display string
 equivalence code
 comment string
 dependsOn ConceptMap.group.element.target.dependsOn
 product ConceptMap.group.element.target.dependsOn
ConceptMap.group.element.target.dependsOn b BackboneElement
 property uri
 system canonical
 value string
 display string
ConceptMap.group.unmapped b BackboneElement
 mode code
 code code
 display string
 url canonical
Condition r DomainResource
 identifier Identifier
 clinicalStatus CodeableConcept
 verificationStatus CodeableConcept
 category CodeableConcept
 severity CodeableConcept
 code CodeableConcept
 bodySite CodeableConcept
 subject Reference
 encounter Reference
 onset* dateTime Age Period Range string
 abatement* dateTime Age Period Range string
 recordedDate dateTime
 recorder Reference
 asserter Reference
 stage Condition.stage
 evidence Condition.evidence
 note Annotation
Condition.evidence b BackboneElement
 code CodeableConcept
 detail Reference
Condition.stage b BackboneElement
 summary CodeableConcept
 assessment Reference
 type CodeableConcept
Consent r DomainResource
 identifier Identifier
 status code
 scope CodeableConcept
 category CodeableConcept
 patient Reference
 dateTime dateTime
 performer Reference
 organization Reference
 source* Attachment Reference
 policy Consent.policy
 policyRule CodeableConcept
 verification Consent.verification
 provision Consent.provision
Consent.policy b BackboneElement
 authority uri
 uri uri
Consent.provision b BackboneElement
 type code
 period Period
 actor Consent.provision.actor
 action CodeableConcept
 securityLabel Coding
 purpose Coding
 class Coding
 code CodeableConcept
 dataPeriod Period
 data Consent.provision.data
 provision Consent.provision
Consent.provision.actor b BackboneElement
 role CodeableConcept
 reference Reference
Consent.provision.data b BackboneElement
 meaning code
 reference Reference
Consent.verification b BackboneElement
 verified boolean
 verifiedWith Reference
 verificationDate dateTime
ContactDetail c Element
 name string
 telecom ContactPoint
ContactPoint c Element
 system code
 value string
 use code
 rank positiveInt
 period Period
Contract r DomainResource
 identifier Identifier
 url uri
 version string
 status code
 legalState CodeableConcept
 instantiatesCanonical Reference
 instantiatesUri uri
 contentDerivative CodeableConcept
 issued dateTime
 applies Period
 expirationType CodeableConcept
 subject Reference
 authority Reference
 domain Reference
 site Reference
 name string
 title string
 subtitle string
 alias string
 author Reference
 scope CodeableConcept
 topic* CodeableConcept Reference
 type CodeableConcept
 subType CodeableConcept
 contentDefinition Contract.contentDefinition
 term Contract.term
 supportingInfo Reference
 relevantHistory Reference
 signer Contract.signer
 friendly Contract.friendly
 legal Contract.legal
 rule Contract.rule
 legallyBinding* Attachment Reference
Contract.contentDefinition b BackboneElement
 type CodeableConcept
 subType CodeableConcept
 publisher Reference
 publicationDate dateTime
 publicationStatus code
 copyright markdown
Contract.friendly b BackboneElement
 content* Attachment Reference
Contract.legal b BackboneElement
 content* Attachment Reference
Contract.rule b BackboneElement
 content* Attachment Reference
Contract.signer b BackboneElement
 type Coding
 party Reference
 signature Signature
Contract.term b BackboneElement
 identifier Identifier
 issued dateTime
 applies Period
 topic* CodeableConcept Reference
 type CodeableConcept
 subType CodeableConcept
 text string
 securityLabel Contract.term.securityLabel
 offer Contract.term.offer
 asset Contract.term.asset
 action Contract.term.action
 group Contract.term
Contract.term.action b BackboneElement
 doNotPerform boolean
 type CodeableConcept
 subject Contract.term.action.subject
 intent CodeableConcept
 linkId string
 status CodeableConcept
 context Reference
 contextLinkId string
 occurrence* dateTime Period Timing
 requester Reference
 requesterLinkId string
 performerType CodeableConcept
 performerRole CodeableConcept
 performer Reference
 performerLinkId string
 reasonCode CodeableConcept
 reasonReference Reference
 reason string
 reasonLinkId string
 note Annotation
 securityLabelNumber unsignedInt
Contract.term.action.subject b BackboneElement
 reference Reference
 role CodeableConcept
Contract.term.asset b BackboneElement
 scope CodeableConcept
 type CodeableConcept
 typeReference Reference
 subtype CodeableConcept
 relationship Coding
 context Contract.term.asset.context
 condition string
 periodType CodeableConcept
 period Period
 usePeriod Period
 text string
 linkId string
 answer Contract.term.offer.answer
 securityLabelNumber unsignedInt
 valuedItem Contract.term.asset.valuedItem
Contract.term.asset.context b BackboneElement
 reference Reference
 code CodeableConcept
 text string
Contract.term.asset.valuedItem b BackboneElement
 entity* CodeableConcept Reference
 identifier Identifier
 effectiveTime dateTime
 quantity Quantity
 unitPrice Money
 factor decimal
 points decimal
 net Money
 payment string
 paymentDate dateTime
 responsible Reference
 recipient Reference
 linkId string
 securityLabelNumber unsignedInt
Contract.term.offer b BackboneElement
 identifier Identifier
 party Contract.term.offer.party
 topic Reference
 type CodeableConcept
 decision CodeableConcept
 decisionMode CodeableConcept
 answer Contract.term.offer.answer
 text string
 linkId string
 securityLabelNumber unsignedInt
Contract.term.offer.answer b BackboneElement
 value* boolean decimal integer date dateTime time string uri Attachment Coding Quantity Reference
Contract.term.offer.party b BackboneElement
 reference Reference
 role CodeableConcept
Contract.term.securityLabel b BackboneElement
 number unsignedInt
 classification Coding
 category Coding
 control Coding
Contributor c Element
 type code
 name string
 contact ContactDetail
Count c Quantity
Coverage r DomainResource
 identifier Identifier
 status code
 type CodeableConcept
 policyHolder Reference
 subscriber Reference
 subscriberId string
 beneficiary Reference
 dependent string
 relationship CodeableConcept
 period Period
 payor Reference
 class Coverage.class
 order positiveInt
 network string
 costToBeneficiary Coverage.costToBeneficiary
 subrogation boolean
 contract Reference
Coverage.class b BackboneElement
 type CodeableConcept
 value string
 name string
Coverage.costToBeneficiary b BackboneElement
 type CodeableConcept
 value* Quantity Money
 exception Coverage.costToBeneficiary.exception
Coverage.costToBeneficiary.exception b BackboneElement
 type CodeableConcept
 period Period
CoverageEligibilityRequest r DomainResource
 identifier Identifier
 status code
 priority CodeableConcept
 purpose code
 patient Reference
 serviced* date Period
 created dateTime
 enterer Reference
 provider Reference
 insurer Reference
 facility Reference
 supportingInfo CoverageEligibilityRequest.supportingInfo
 insurance CoverageEligibilityRequest.insurance
 item CoverageEligibilityRequest.item
CoverageEligibilityRequest.insurance b BackboneElement
 focal boolean
 coverage Reference
 businessArrangement string
CoverageEligibilityRequest.item b BackboneElement
 supportingInfoSequence positiveInt
 category CodeableConcept
 productOrService CodeableConcept
 modifier CodeableConcept
 provider Reference
 quantity Quantity
 unitPrice Money
 facility Reference
 diagnosis CoverageEligibilityRequest.item.diagnosis
 detail Reference
CoverageEligibilityRequest.item.diagnosis b BackboneElement
 diagnosis* CodeableConcept Reference
CoverageEligibilityRequest.supportingInfo b BackboneElement
 sequence positiveInt
 information Reference
 appliesToAll boolean
CoverageEligibilityResponse r DomainResource
 identifier Identifier
 status code
 purpose code
 patient Reference
 serviced* date Period
 created dateTime
 requestor Reference
 request Reference
 outcome code
 disposition string
 insurer Reference
 insurance CoverageEligibilityResponse.insurance
 preAuthRef string
 form CodeableConcept
 error CoverageEligibilityResponse.error
CoverageEligibilityResponse.error b BackboneElement
 code CodeableConcept
CoverageEligibilityResponse.insurance b BackboneElement
 coverage Reference
 inforce boolean
 benefitPeriod Period
 item CoverageEligibilityResponse.insurance.item
CoverageEligibilityResponse.insurance.item b BackboneElement
 category CodeableConcept
 productOrService CodeableConcept
 modifier CodeableConcept
 provider Reference
 excluded boolean
 name string
 description string
 network CodeableConcept
 unit CodeableConcept
 term CodeableConcept
 benefit CoverageEligibilityResponse.insurance.item.benefit
 authorizationRequired boolean
 authorizationSupporting CodeableConcept
 authorizationUrl uri
CoverageEligibilityResponse.insurance.item.benefit b BackboneElement
 type CodeableConcept
 allowed* unsignedInt string Money
 used* unsignedInt string Money
DataRequirement c Element
 type code
 profile canonical
 subject* CodeableConcept Reference
 mustSupport string
 codeFilter DataRequirement.codeFilter
 dateFilter DataRequirement.dateFilter
 limit positiveInt
 sort DataRequirement.sort
DataRequirement.codeFilter b Element
 path string
 searchParam string
 valueSet canonical
 code Coding
DataRequirement.dateFilter b Element
 path string
 searchParam string
 value* dateTime Period Duration
DataRequirement.sort b Element
 path string
 direction code
DetectedIssue r DomainResource
 identifier Identifier
 status code
 code CodeableConcept
 severity code
 patient Reference
 identified* dateTime Period
 author Reference
 implicated Reference
 evidence DetectedIssue.evidence
 detail string
 reference uri
 mitigation DetectedIssue.mitigation
DetectedIssue.evidence b BackboneElement
 code CodeableConcept
 detail Reference
DetectedIssue.mitigation b BackboneElement
 action CodeableConcept
 date dateTime
 author Reference
Device r DomainResource
 identifier Identifier
 definition Reference
 udiCarrier Device.udiCarrier
 status code
 statusReason CodeableConcept
 distinctIdentifier string
 manufacturer string
 manufactureDate dateTime
 expirationDate dateTime
 lotNumber string
 serialNumber string
 deviceName Device.deviceName
 modelNumber string
 partNumber string
 type CodeableConcept
 specialization Device.specialization
 version Device.version
 property Device.property
 patient Reference
 owner Reference
 contact ContactPoint
 location Reference
 url uri
 note Annotation
 safety CodeableConcept
 parent Reference
Device.deviceName b BackboneElement
 name string
 type code
Device.property b BackboneElement
 type CodeableConcept
 valueQuantity Quantity
 valueCode CodeableConcept
Device.specialization b BackboneElement
 systemType CodeableConcept
 version string
Device.udiCarrier b BackboneElement
 deviceIdentifier string
 issuer uri
 jurisdiction uri
 carrierAIDC base64Binary
 carrierHRF string
 entryType code
Device.version b BackboneElement
 type CodeableConcept
 component Identifier
 value string
DeviceDefinition r DomainResource
 identifier Identifier
 udiDeviceIdentifier DeviceDefinition.udiDeviceIdentifier
 manufacturer* string Reference
 deviceName DeviceDefinition.deviceName
 modelNumber string
 type CodeableConcept
 specialization DeviceDefinition.specialization
 version string
 safety CodeableConcept
 shelfLifeStorage ProductShelfLife
 physicalCharacteristics ProdCharacteristic
 languageCode CodeableConcept
 capability DeviceDefinition.capability
 property DeviceDefinition.property
 owner Reference
 contact ContactPoint
 url uri
 onlineInformation uri
 note Annotation
 quantity Quantity
 parentDevice Reference
 material DeviceDefinition.material
DeviceDefinition.capability b BackboneElement
 type CodeableConcept
 description CodeableConcept
DeviceDefinition.deviceName b BackboneElement
 name string
 type code
DeviceDefinition.material b BackboneElement
 substance CodeableConcept
 alternate boolean
 allergenicIndicator boolean
DeviceDefinition.property b BackboneElement
 type CodeableConcept
 valueQuantity Quantity
 valueCode CodeableConcept
DeviceDefinition.specialization b BackboneElement
 systemType string
 version string
DeviceDefinition.udiDeviceIdentifier b BackboneElement
 deviceIdentifier string
 issuer uri
 jurisdiction uri
DeviceMetric r DomainResource
 identifier Identifier
 type CodeableConcept
 unit CodeableConcept
 source Reference
 parent Reference
 operationalStatus code
 color code
 category code
 measurementPeriod Timing
 calibration DeviceMetric.calibration
DeviceMetric.calibration b BackboneElement
 type code
 state code
 time instant
DeviceRequest r DomainResource
 identifier Identifier
 instantiatesCanonical canonical
 instantiatesUri uri
 basedOn Reference
 priorRequest Reference
 groupIdentifier Identifier
 status code
 intent code
 priority code
 code* Reference CodeableConcept
 parameter DeviceRequest.parameter
 subject Reference
 encounter Reference
 occurrence* dateTime Period Timing
 authoredOn dateTime
 requester Reference
 performerType CodeableConcept
 performer Reference
 reasonCode CodeableConcept
 reasonReference Reference
 insurance Reference
 supportingInfo Reference
 note Annotation
 relevantHistory Reference
DeviceRequest.parameter b BackboneElement
 code CodeableConcept
 value* CodeableConcept Quantity Range boolean
DeviceUseStatement r DomainResource
 identifier Identifier
 basedOn Reference
 status code
 subject Reference
 derivedFrom Reference
 timing* Timing Period dateTime
 recordedOn dateTime
 source Reference
 device Reference
 reasonCode CodeableConcept
 reasonReference Reference
 bodySite CodeableConcept
 note Annotation
DiagnosticReport r DomainResource
 identifier Identifier
 basedOn Reference
 status code
 category CodeableConcept
 code CodeableConcept
 subject Reference
 encounter Reference
 effective* dateTime Period
 issued instant
 performer Reference
 resultsInterpreter Reference
 specimen Reference
 result Reference
 imagingStudy Reference
 media DiagnosticReport.media
 conclusion string
 conclusionCode CodeableConcept
 presentedForm Attachment
DiagnosticReport.media b BackboneElement
 comment string
 link Reference
Distance c Quantity
DocumentManifest r DomainResource
 masterIdentifier Identifier
 identifier Identifier
 status code
 type CodeableConcept
 subject Reference
 created dateTime
 author Reference
 recipient Reference
 source uri
 description string
 content Reference
 related DocumentManifest.related
DocumentManifest.related b BackboneElement
 identifier Identifier
 ref Reference
DocumentReference r DomainResource
 masterIdentifier Identifier
 identifier Identifier
 status code
 docStatus code
 type CodeableConcept
 category CodeableConcept
 subject Reference
 date instant
 author Reference
 authenticator Reference
 custodian Reference
 relatesTo DocumentReference.relatesTo
 description string
 securityLabel CodeableConcept
 content DocumentReference.content
 context DocumentReference.context
DocumentReference.content b BackboneElement
 attachment Attachment
 format Coding
DocumentReference.context b BackboneElement
 encounter Reference
 event CodeableConcept
 period Period
 facilityType CodeableConcept
 practiceSetting CodeableConcept
 sourcePatientInfo Reference
 related Reference
DocumentReference.relatesTo b BackboneElement
 code code
 target Reference
DomainResource r Resource
 text Narrative
 contained Resource
 extension Extension
 modifierExtension Extension
Dosage c BackboneElement
 sequence integer
 text string
 additionalInstruction CodeableConcept
 patientInstruction string
 timing Timing
 asNeeded* boolean CodeableConcept
 site CodeableConcept
 route CodeableConcept
 method CodeableConcept
 doseAndRate Dosage.doseAndRate
 maxDosePerPeriod Ratio
 maxDosePerAdministration Quantity
 maxDosePerLifetime Quantity
Dosage.doseAndRate b Element
 type CodeableConcept
 dose* Range Quantity
 rate* Ratio Range Quantity
Duration c Quantity
EffectEvidenceSynthesis r DomainResource
 url uri
 identifier Identifier
 version string
 name string
 title string
 status code
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 note Annotation
 useContext UsageContext
 jurisdiction CodeableConcept
 copyright markdown
 approvalDate date
 lastReviewDate date
 effectivePeriod Period
 topic CodeableConcept
 author ContactDetail
 editor ContactDetail
 reviewer ContactDetail
 endorser ContactDetail
 relatedArtifact RelatedArtifact
 synthesisType CodeableConcept
 studyType CodeableConcept
 population Reference
 exposure Reference
 exposureAlternative Reference
 outcome Reference
 sampleSize EffectEvidenceSynthesis.sampleSize
 resultsByExposure EffectEvidenceSynthesis.resultsByExposure
 effectEstimate EffectEvidenceSynthesis.effectEstimate
 certainty EffectEvidenceSynthesis.certainty
EffectEvidenceSynthesis.certainty b BackboneElement
 rating CodeableConcept
 note Annotation
 certaintySubcomponent EffectEvidenceSynthesis.certainty.certaintySubcomponent
EffectEvidenceSynthesis.certainty.certaintySubcomponent b BackboneElement
 type CodeableConcept
 rating CodeableConcept
 note Annotation
EffectEvidenceSynthesis.effectEstimate b BackboneElement
 description string
 type CodeableConcept
 variantState CodeableConcept
 value decimal
 unitOfMeasure CodeableConcept
 precisionEstimate EffectEvidenceSynthesis.effectEstimate.precisionEstimate
EffectEvidenceSynthesis.effectEstimate.precisionEstimate b BackboneElement
 type CodeableConcept
 level decimal
 from decimal
 to decimal
EffectEvidenceSynthesis.resultsByExposure b BackboneElement
 description string
 exposureState code
 variantState CodeableConcept
 riskEvidenceSynthesis Reference
EffectEvidenceSynthesis.sampleSize b BackboneElement
 description string
 numberOfStudies integer
 numberOfParticipants integer
Element c
 id string
 extension Extension
ElementDefinition c BackboneElement
 path string
 representation code
 sliceName string
 sliceIsConstraining boolean
 label string
 code Coding
 slicing ElementDefinition.slicing
 short string
 definition markdown
 comment markdown
 requirements markdown
 alias string
 min unsignedInt
 max string
 base ElementDefinition.base
 contentReference uri
 type ElementDefinition.type
 defaultValue* base64Binary boolean canonical code date dateTime decimal id instant integer markdown oid positiveInt string time unsignedInt uri url uuid Address Age Annotation Attachment CodeableConcept Coding ContactPoint Count Distance Duration HumanName Identifier Money Period Quantity Range Ratio Reference SampledData Signature Timing ContactDetail Contributor DataRequirement Expression ParameterDefinition RelatedArtifact TriggerDefinition UsageContext Dosage Meta
 meaningWhenMissing markdown
 orderMeaning string
 fixed* base64Binary boolean canonical code date dateTime decimal id instant integer markdown oid positiveInt string time unsignedInt uri url uuid Address Age Annotation Attachment CodeableConcept Coding ContactPoint Count Distance Duration HumanName Identifier Money Period Quantity Range Ratio Reference SampledData Signature Timing ContactDetail Contributor DataRequirement Expression ParameterDefinition RelatedArtifact TriggerDefinition UsageContext Dosage Meta
 pattern* base64Binary boolean canonical code date dateTime decimal id instant integer markdown oid positiveInt string time unsignedInt uri url uuid Address Age Annotation Attachment CodeableConcept Coding ContactPoint Count Distance Duration HumanName Identifier Money Period Quantity Range Ratio Reference SampledData Signature Timing ContactDetail Contributor DataRequirement Expression ParameterDefinition RelatedArtifact TriggerDefinition UsageContext Dosage Meta
 example ElementDefinition.example
 minValue* date dateTime instant time decimal integer positiveInt unsignedInt Quantity
 maxValue* date dateTime instant time decimal integer positiveInt unsignedInt Quantity
 maxLength integer
 condition id
 constraint ElementDefinition.constraint
 mustSupport boolean
 isModifier boolean
 isModifierReason string
 isSummary boolean
 binding ElementDefinition.binding
 mapping ElementDefinition.mapping
ElementDefinition.base b Element
 path string
 min unsignedInt
 max string
ElementDefinition.binding b Element
 strength code
 description string
 valueSet canonical
ElementDefinition.constraint b Element
 key id
 requirements string
 severity code
 human string
 expression string
 xpath string
 source canonical
ElementDefinition.example b Element
 label string
 value* base64Binary boolean canonical code date dateTime decimal id instant integer markdown oid positiveInt string time unsignedInt uri url uuid Address Age Annotation Attachment CodeableConcept Coding ContactPoint Count Distance Duration HumanName Identifier Money Period Quantity Range Ratio Reference SampledData Signature Timing ContactDetail Contributor DataRequirement Expression ParameterDefinition RelatedArtifact TriggerDefinition UsageContext Dosage Meta
ElementDefinition.mapping b Element
 identity id
 language code
 map string
 comment string
ElementDefinition.slicing b Element
 discriminator ElementDefinition.slicing.discriminator
 description string
 ordered boolean
 rules code
ElementDefinition.slicing.discriminator b Element
 type code
 path string
ElementDefinition.type b Element
 code uri
 profile canonical
 targetProfile canonical
 aggregation code
 versioning code
Encounter r DomainResource
 identifier Identifier
 status code
 statusHistory Encounter.statusHistory
 class Coding
 classHistory Encounter.classHistory
 type CodeableConcept
 serviceType CodeableConcept
 priority CodeableConcept
 subject Reference
 episodeOfCare Reference
 basedOn Reference
 participant Encounter.participant
 appointment Reference
 period Period
 length Duration
 reasonCode CodeableConcept
 reasonReference Reference
 diagnosis Encounter.diagnosis
 account Reference
 hospitalization Encounter.hospitalization
 location Encounter.location
 serviceProvider Reference
 partOf Reference
Encounter.classHistory b BackboneElement
 class Coding
 period Period
Encounter.diagnosis b BackboneElement
 condition Reference
 use CodeableConcept
 rank positiveInt
Encounter.hospitalization b BackboneElement
 preAdmissionIdentifier Identifier
 origin Reference
 admitSource CodeableConcept
 reAdmission CodeableConcept
 dietPreference CodeableConcept
 specialCourtesy CodeableConcept
 specialArrangement CodeableConcept
 destination Reference
 dischargeDisposition CodeableConcept
Encounter.location b BackboneElement
 location Reference
 status code
 physicalType CodeableConcept
 period Period
Encounter.participant b BackboneElement
 type CodeableConcept
 period Period
 individual Reference
Encounter.statusHistory b BackboneElement
 status code
 period Period
Endpoint r DomainResource
 identifier Identifier
 status code
 connectionType Coding
 name string
 managingOrganization Reference
 contact ContactPoint
 period Period
 payloadType CodeableConcept
 payloadMimeType code
 address url
 header string
EnrollmentRequest r DomainResource
 identifier Identifier
 status code
 created dateTime
 insurer Reference
 provider Reference
 candidate Reference
 coverage Reference
EnrollmentResponse r DomainResource
 identifier Identifier
 status code
 request Reference
 outcome code
 disposition string
 created dateTime
 organization Reference
 requestProvider Reference
EpisodeOfCare r DomainResource
 identifier Identifier
 status code
 statusHistory EpisodeOfCare.statusHistory
 type CodeableConcept
 diagnosis EpisodeOfCare.diagnosis
 patient Reference
 managingOrganization Reference
 period Period
 referralRequest Reference
 careManager Reference
 team Reference
 account Reference
EpisodeOfCare.diagnosis b BackboneElement
 condition Reference
 role CodeableConcept
 rank positiveInt
EpisodeOfCare.statusHistory b BackboneElement
 status code
 period Period
EventDefinition r DomainResource
 url uri
 identifier Identifier
 version string
 name string
 title string
 subtitle string
 status code
 experimental boolean
 subject* CodeableConcept Reference
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 useContext UsageContext
 jurisdiction CodeableConcept
 purpose markdown
 usage string
 copyright markdown
 approvalDate date
 lastReviewDate date
 effectivePeriod Period
 topic CodeableConcept
 author ContactDetail
 editor ContactDetail
 reviewer ContactDetail
 endorser ContactDetail
 relatedArtifact RelatedArtifact
 trigger TriggerDefinition
Evidence r DomainResource
 url uri
 identifier Identifier
 version string
 name string
 title string
 shortTitle string
 subtitle string
 status code
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 note Annotation
 useContext UsageContext
 jurisdiction CodeableConcept
 copyright markdown
 approvalDate date
 lastReviewDate date
 effectivePeriod Period
 topic CodeableConcept
 author ContactDetail
 editor ContactDetail
 reviewer ContactDetail
 endorser ContactDetail
 relatedArtifact RelatedArtifact
 exposureBackground Reference
 exposureVariant Reference
 outcome Reference
EvidenceVariable r DomainResource
 url uri
 identifier Identifier
 version string
 name string
 title string
 shortTitle string
 subtitle string
 status code
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 note Annotation
 useContext UsageContext
 jurisdiction CodeableConcept
 copyright markdown
 approvalDate date
 lastReviewDate date
 effectivePeriod Period
 topic CodeableConcept
 author ContactDetail
 editor ContactDetail
 reviewer ContactDetail
 endorser ContactDetail
 relatedArtifact RelatedArtifact
 type code
 characteristic EvidenceVariable.characteristic
EvidenceVariable.characteristic b BackboneElement
 description string
 definition* Reference canonical CodeableConcept Expression DataRequirement TriggerDefinition
 usageContext UsageContext
 exclude boolean
 participantEffective* dateTime Period Duration Timing
 timeFromStart Duration
 groupMeasure code
ExampleScenario r DomainResource
 url uri
 identifier Identifier
 version string
 name string
 status code
 experimental boolean
 date dateTime
 publisher string
 contact ContactDetail
 useContext UsageContext
 jurisdiction CodeableConcept
 copyright markdown
 purpose markdown
 actor ExampleScenario.actor
 instance ExampleScenario.instance
 process ExampleScenario.process
 workflow canonical
ExampleScenario.actor b BackboneElement
 actorId string
 type code
 name string
 description markdown
ExampleScenario.instance b BackboneElement
 resourceId string
 resourceType code
 name string
 description markdown
 version ExampleScenario.instance.version
 containedInstance ExampleScenario.instance.containedInstance
ExampleScenario.instance.containedInstance b BackboneElement
 resourceId string
 versionId string
ExampleScenario.instance.version b BackboneElement
 versionId string
 description markdown
ExampleScenario.process b BackboneElement
 title string
 description markdown
 preConditions markdown
 postConditions markdown
 step ExampleScenario.process.step
ExampleScenario.process.step b BackboneElement
 process ExampleScenario.process
 pause boolean
 operation ExampleScenario.process.step.operation
 alternative ExampleScenario.process.step.alternative
ExampleScenario.process.step.alternative b BackboneElement
 title string
 description markdown
 step ExampleScenario.process.step
ExampleScenario.process.step.operation b BackboneElement
 number string
 type string
 name string
 initiator string
 receiver string
 description markdown
 initiatorActive boolean
 receiverActive boolean
 request ExampleScenario.instance.containedInstance
 response ExampleScenario.instance.containedInstance
ExplanationOfBenefit r DomainResource
 identifier Identifier
 status code
 type CodeableConcept
 subType CodeableConcept
 use code
 patient Reference
 billablePeriod Period
 created dateTime
 enterer Reference
 insurer Reference
 provider Reference
 priority CodeableConcept
 fundsReserveRequested CodeableConcept
 fundsReserve CodeableConcept
 related ExplanationOfBenefit.related
 prescription Reference
 originalPrescription Reference
 payee ExplanationOfBenefit.payee
 referral Reference
 facility Reference
 claim Reference
 claimResponse Reference
 outcome code
 disposition string
 preAuthRef string
 preAuthRefPeriod Period
 careTeam ExplanationOfBenefit.careTeam
 supportingInfo ExplanationOfBenefit.supportingInfo
 diagnosis ExplanationOfBenefit.diagnosis
 procedure ExplanationOfBenefit.procedure
 precedence positiveInt
 insurance ExplanationOfBenefit.insurance
 accident ExplanationOfBenefit.accident
 item ExplanationOfBenefit.item
 addItem ExplanationOfBenefit.addItem
 adjudication ExplanationOfBenefit.item.adjudication
 total ExplanationOfBenefit.total
 payment ExplanationOfBenefit.payment
 formCode CodeableConcept
 form Attachment
 processNote ExplanationOfBenefit.processNote
 benefitPeriod Period
 benefitBalance ExplanationOfBenefit.benefitBalance
ExplanationOfBenefit.accident b BackboneElement
 date date
 type CodeableConcept
 location* Address Reference
ExplanationOfBenefit.addItem b BackboneElement
 itemSequence positiveInt
 detailSequence positiveInt
 subDetailSequence positiveInt
 provider Reference
 productOrService CodeableConcept
 modifier CodeableConcept
 programCode CodeableConcept
 serviced* date Period
 location* CodeableConcept Address Reference
 quantity Quantity
 unitPrice Money
 factor decimal
 net Money
 bodySite CodeableConcept
 subSite CodeableConcept
 noteNumber positiveInt
 adjudication ExplanationOfBenefit.item.adjudication
 detail ExplanationOfBenefit.addItem.detail
ExplanationOfBenefit.addItem.detail b BackboneElement
 productOrService CodeableConcept
 modifier CodeableConcept
 quantity Quantity
 unitPrice Money
 factor decimal
 net Money
 noteNumber positiveInt
 adjudication ExplanationOfBenefit.item.adjudication
 subDetail ExplanationOfBenefit.addItem.detail.subDetail
ExplanationOfBenefit.addItem.detail.subDetail b BackboneElement
 productOrService CodeableConcept
 modifier CodeableConcept
 quantity Quantity
 unitPrice Money
 factor decimal
 net Money
 noteNumber positiveInt
 adjudication ExplanationOfBenefit.item.adjudication
ExplanationOfBenefit.benefitBalance b BackboneElement
 category CodeableConcept
 excluded boolean
 name string
 description string
 network CodeableConcept
 unit CodeableConcept
 term CodeableConcept
 financial ExplanationOfBenefit.benefitBalance.financial
ExplanationOfBenefit.benefitBalance.financial b BackboneElement
 type CodeableConcept
 allowed* unsignedInt string Money
 used* unsignedInt Money
ExplanationOfBenefit.careTeam b BackboneElement
 sequence positiveInt
 provider Reference
 responsible boolean
 role CodeableConcept
 qualification CodeableConcept
ExplanationOfBenefit.diagnosis b BackboneElement
 sequence positiveInt
 diagnosis* CodeableConcept Reference
 type CodeableConcept
 onAdmission CodeableConcept
 packageCode CodeableConcept
ExplanationOfBenefit.insurance b BackboneElement
 focal boolean
 coverage Reference
 preAuthRef string
ExplanationOfBenefit.item b BackboneElement
 sequence positiveInt
 careTeamSequence positiveInt
 diagnosisSequence positiveInt
 procedureSequence positiveInt
 informationSequence positiveInt
 revenue CodeableConcept
 category CodeableConcept
 productOrService CodeableConcept
 modifier CodeableConcept
 programCode CodeableConcept
 serviced* date Period
 location* CodeableConcept Address Reference
 quantity Quantity
 unitPrice Money
 factor decimal
 net Money
 udi Reference
 bodySite CodeableConcept
 subSite CodeableConcept
 encounter Reference
 noteNumber positiveInt
 adjudication ExplanationOfBenefit.item.adjudication
 detail ExplanationOfBenefit.item.detail
ExplanationOfBenefit.item.adjudication b BackboneElement
 category CodeableConcept
 reason CodeableConcept
 amount Money
 value decimal
ExplanationOfBenefit.item.detail b BackboneElement
 sequence positiveInt
 revenue CodeableConcept
 category CodeableConcept
 productOrService CodeableConcept
 modifier CodeableConcept
 programCode CodeableConcept
 quantity Quantity
 unitPrice Money
 factor decimal
 net Money
 udi Reference
 noteNumber positiveInt
 adjudication ExplanationOfBenefit.item.adjudication
 subDetail ExplanationOfBenefit.item.detail.subDetail
ExplanationOfBenefit.item.detail.subDetail b BackboneElement
 sequence positiveInt
 revenue CodeableConcept
 category CodeableConcept
 productOrService CodeableConcept
 modifier CodeableConcept
 programCode CodeableConcept
 quantity Quantity
 unitPrice Money
 factor decimal
 net Money
 udi Reference
 noteNumber positiveInt
 adjudication ExplanationOfBenefit.item.adjudication
ExplanationOfBenefit.payee b BackboneElement
 type CodeableConcept
 party Reference
ExplanationOfBenefit.payment b BackboneElement
 type CodeableConcept
 adjustment Money
 adjustmentReason CodeableConcept
 date date
 amount Money
 identifier Identifier
ExplanationOfBenefit.procedure b BackboneElement
 sequence positiveInt
 type CodeableConcept
 date dateTime
 procedure* CodeableConcept Reference
 udi Reference
ExplanationOfBenefit.processNote b BackboneElement
 number positiveInt
 type code
 text string
 language CodeableConcept
ExplanationOfBenefit.related b BackboneElement
 claim Reference
 relationship CodeableConcept
 reference Identifier
ExplanationOfBenefit.supportingInfo b BackboneElement
 sequence positiveInt
 category CodeableConcept
 code CodeableConcept
 timing* date Period
 value* boolean string Quantity Attachment Reference
 reason Coding
ExplanationOfBenefit.total b BackboneElement
 category CodeableConcept
 amount Money
Expression c Element
 description string
 name id
 language code
 expression string
 reference uri
Extension c Element
 url uri
 value* base64Binary boolean canonical code date dateTime decimal id instant integer markdown oid positiveInt string time unsignedInt uri url uuid Address Age Annotation Attachment CodeableConcept Coding ContactPoint Count Distance Duration HumanName Identifier Money Period Quantity Range Ratio Reference SampledData Signature Timing ContactDetail Contributor DataRequirement Expression ParameterDefinition RelatedArtifact TriggerDefinition UsageContext Dosage Meta
FamilyMemberHistory r DomainResource
 identifier Identifier
 instantiatesCanonical canonical
 instantiatesUri uri
 status code
 dataAbsentReason CodeableConcept
 patient Reference
 date dateTime
 name string
 relationship CodeableConcept
 sex CodeableConcept
 born* Period date string
 age* Age Range string
 estimatedAge boolean
 deceased* boolean Age Range date string
 reasonCode CodeableConcept
 reasonReference Reference
 note Annotation
 condition FamilyMemberHistory.condition
FamilyMemberHistory.condition b BackboneElement
 code CodeableConcept
 outcome CodeableConcept
 contributedToDeath boolean
 onset* Age Range Period string
 note Annotation
Flag r DomainResource
 identifier Identifier
 status code
 category CodeableConcept
 code CodeableConcept
 subject Reference
 period Period
 encounter Reference
 author Reference
Goal r DomainResource
 identifier Identifier
 lifecycleStatus code
 achievementStatus CodeableConcept
 category CodeableConcept
 priority CodeableConcept
 description CodeableConcept
 subject Reference
 start* date CodeableConcept
 target Goal.target
 statusDate date
 statusReason string
 expressedBy Reference
 addresses Reference
 note Annotation
 outcomeCode CodeableConcept
 outcomeReference Reference
Goal.target b BackboneElement
 measure CodeableConcept
 detail* Quantity Range CodeableConcept string boolean integer Ratio
 due* date Duration
GraphDefinition r DomainResource
 url uri
 version string
 name string
 status code
 experimental boolean
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 useContext UsageContext
 jurisdiction CodeableConcept
 purpose markdown
 start code
 profile canonical
 link GraphDefinition.link
GraphDefinition.link b BackboneElement
 path string
 sliceName string
 min integer
 max string
 description string
 target GraphDefinition.link.target
GraphDefinition.link.target b BackboneElement
 type code
 params string
 profile canonical
 compartment GraphDefinition.link.target.compartment
 link GraphDefinition.link
GraphDefinition.link.target.compartment b BackboneElement
 use code
 code code
 rule code
 expression string
 description string
Group r DomainResource
 identifier Identifier
 active boolean
 type code
 actual boolean
 code CodeableConcept
 name string
 quantity unsignedInt
 managingEntity Reference
 characteristic Group.characteristic
 member Group.member
Group.characteristic b BackboneElement
 code CodeableConcept
 value* CodeableConcept boolean Quantity Range Reference
 exclude boolean
 period Period
Group.member b BackboneElement
 entity Reference
 period Period
 inactive boolean
GuidanceResponse r DomainResource
 requestIdentifier Identifier
 identifier Identifier
 module* uri canonical CodeableConcept
 status code
 subject Reference
 encounter Reference
 occurrenceDateTime dateTime
 performer Reference
 reasonCode CodeableConcept
 reasonReference Reference
 note Annotation
 evaluationMessage Reference
 outputParameters Reference
 result Reference
 dataRequirement DataRequirement
HealthcareService r DomainResource
 identifier Identifier
 active boolean
 providedBy Reference
 category CodeableConcept
 type CodeableConcept
 specialty CodeableConcept
 location Reference
 name string
 comment string
 extraDetails markdown
 photo Attachment
 telecom ContactPoint
 coverageArea Reference
 serviceProvisionCode CodeableConcept
 eligibility HealthcareService.eligibility
 program CodeableConcept
 characteristic CodeableConcept
 communication CodeableConcept
 referralMethod CodeableConcept
 appointmentRequired boolean
 availableTime HealthcareService.availableTime
 notAvailable HealthcareService.notAvailable
 availabilityExceptions string
 endpoint Reference
HealthcareService.availableTime b BackboneElement
 daysOfWeek code
 allDay boolean
 availableStartTime time
 availableEndTime time
HealthcareService.eligibility b BackboneElement
 code CodeableConcept
 comment markdown
HealthcareService.notAvailable b BackboneElement
 description string
 during Period
HumanName c Element
 use code
 text string
 family string
 given string
 prefix string
 suffix string
 period Period
Identifier c Element
 use code
 type CodeableConcept
 system uri
 value string
 period Period
 assigner Reference
ImagingStudy r DomainResource
 identifier Identifier
 status code
 modality Coding
 subject Reference
 encounter Reference
 started dateTime
 basedOn Reference
 referrer Reference
 interpreter Reference
 endpoint Reference
 numberOfSeries unsignedInt
 numberOfInstances unsignedInt
 procedureReference Reference
 procedureCode CodeableConcept
 location Reference
 reasonCode CodeableConcept
 reasonReference Reference
 note Annotation
 description string
 series ImagingStudy.series
ImagingStudy.series b BackboneElement
 uid id
 number unsignedInt
 modality Coding
 description string
 numberOfInstances unsignedInt
 endpoint Reference
 bodySite Coding
 laterality Coding
 specimen Reference
 started dateTime
 performer ImagingStudy.series.performer
 instance ImagingStudy.series.instance
ImagingStudy.series.instance b BackboneElement
 uid id
 sopClass Coding
 number unsignedInt
 title string
ImagingStudy.series.performer b BackboneElement
 function CodeableConcept
 actor Reference
Immunization r DomainResource
 identifier Identifier
 status code
 statusReason CodeableConcept
 vaccineCode CodeableConcept
 patient Reference
 encounter Reference
 occurrence* dateTime string
 recorded dateTime
 primarySource boolean
 reportOrigin CodeableConcept
 location Reference
 manufacturer Reference
 lotNumber string
 expirationDate date
 site CodeableConcept
 route CodeableConcept
 doseQuantity Quantity
 performer Immunization.performer
 note Annotation
 reasonCode CodeableConcept
 reasonReference Reference
 isSubpotent boolean
 subpotentReason CodeableConcept
 education Immunization.education
 programEligibility CodeableConcept
 fundingSource CodeableConcept
 reaction Immunization.reaction
 protocolApplied Immunization.protocolApplied
Immunization.education b BackboneElement
 documentType string
 reference uri
 publicationDate dateTime
 presentationDate dateTime
Immunization.performer b BackboneElement
 function CodeableConcept
 actor Reference
Immunization.protocolApplied b BackboneElement
 series string
 authority Reference
 targetDisease CodeableConcept
 doseNumber* positiveInt string
 seriesDoses* positiveInt string
Immunization.reaction b BackboneElement
 date dateTime
 detail Reference
 reported boolean
ImmunizationEvaluation r DomainResource
 identifier Identifier
 status code
 patient Reference
 date dateTime
 authority Reference
 targetDisease CodeableConcept
 immunizationEvent Reference
 doseStatus CodeableConcept
 doseStatusReason CodeableConcept
 description string
 series string
 doseNumber* positiveInt string
 seriesDoses* positiveInt string
ImmunizationRecommendation r DomainResource
 identifier Identifier
 patient Reference
 date dateTime
 authority Reference
 recommendation ImmunizationRecommendation.recommendation
ImmunizationRecommendation.recommendation b BackboneElement
 vaccineCode CodeableConcept
 targetDisease CodeableConcept
 contraindicatedVaccineCode CodeableConcept
 forecastStatus CodeableConcept
 forecastReason CodeableConcept
 dateCriterion ImmunizationRecommendation.recommendation.dateCriterion
 description string
 series string
 doseNumber* positiveInt string
 seriesDoses* positiveInt string
 supportingImmunization Reference
 supportingPatientInformation Reference
ImmunizationRecommendation.recommendation.dateCriterion b BackboneElement
 code CodeableConcept
 value dateTime
ImplementationGuide r DomainResource
 url uri
 version string
 name string
 title string
 status code
 experimental boolean
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 useContext UsageContext
 jurisdiction CodeableConcept
 copyright markdown
 packageId id
 license code
 fhirVersion code
 dependsOn ImplementationGuide.dependsOn
 global ImplementationGuide.global
 definition ImplementationGuide.definition
 manifest ImplementationGuide.manifest
ImplementationGuide.definition b BackboneElement
 grouping ImplementationGuide.definition.grouping
 resource ImplementationGuide.definition.resource
 page ImplementationGuide.definition.page
 parameter ImplementationGuide.definition.parameter
 template ImplementationGuide.definition.template
ImplementationGuide.definition.grouping b BackboneElement
 name string
 description string
ImplementationGuide.definition.page b BackboneElement
 name* url Reference
 title string
 generation code
 page ImplementationGuide.definition.page
ImplementationGuide.definition.parameter b BackboneElement
 code code
 value string
ImplementationGuide.definition.resource b BackboneElement
 reference Reference
 fhirVersion code
 name string
 description string
 example* boolean canonical
 groupingId id
ImplementationGuide.definition.template b BackboneElement
 code code
 source string
 scope string
ImplementationGuide.dependsOn b BackboneElement
 uri canonical
 packageId id
 version string
ImplementationGuide.global b BackboneElement
 type code
 profile canonical
ImplementationGuide.manifest b BackboneElement
 rendering url
 resource ImplementationGuide.manifest.resource
 page ImplementationGuide.manifest.page
 image string
 other string
ImplementationGuide.manifest.page b BackboneElement
 name string
 title string
 anchor string
ImplementationGuide.manifest.resource b BackboneElement
 reference Reference
 example* boolean canonical
 relativePath url
InsurancePlan r DomainResource
 identifier Identifier
 status code
 type CodeableConcept
 name string
 alias string
 period Period
 ownedBy Reference
 administeredBy Reference
 coverageArea Reference
 contact InsurancePlan.contact
 endpoint Reference
 network Reference
 coverage InsurancePlan.coverage
 plan InsurancePlan.plan
InsurancePlan.contact b BackboneElement
 purpose CodeableConcept
 name HumanName
 telecom ContactPoint
 address Address
InsurancePlan.coverage b BackboneElement
 type CodeableConcept
 network Reference
 benefit InsurancePlan.coverage.benefit
InsurancePlan.coverage.benefit b BackboneElement
 type CodeableConcept
 requirement string
 limit InsurancePlan.coverage.benefit.limit
InsurancePlan.coverage.benefit.limit b BackboneElement
 value Quantity
 code CodeableConcept
InsurancePlan.plan b BackboneElement
 identifier Identifier
 type CodeableConcept
 coverageArea Reference
 network Reference
 generalCost InsurancePlan.plan.generalCost
 specificCost InsurancePlan.plan.specificCost
InsurancePlan.plan.generalCost b BackboneElement
 type CodeableConcept
 groupSize positiveInt
 cost Money
 comment string
InsurancePlan.plan.specificCost b BackboneElement
 category CodeableConcept
 benefit InsurancePlan.plan.specificCost.benefit
InsurancePlan.plan.specificCost.benefit b BackboneElement
 type CodeableConcept
 cost InsurancePlan.plan.specificCost.benefit.cost
InsurancePlan.plan.specificCost.benefit.cost b BackboneElement
 type CodeableConcept
 applicability CodeableConcept
 qualifiers CodeableConcept
 value Quantity
Invoice r DomainResource
 identifier Identifier
 status code
 cancelledReason string
 type CodeableConcept
 subject Reference
 recipient Reference
 date dateTime
 participant Invoice.participant
 issuer Reference
 account Reference
 lineItem Invoice.lineItem
 totalPriceComponent Invoice.lineItem.priceComponent
 totalNet Money
 totalGross Money
 paymentTerms markdown
 note Annotation
Invoice.lineItem b BackboneElement
 sequence positiveInt
 chargeItem* Reference CodeableConcept
 priceComponent Invoice.lineItem.priceComponent
Invoice.lineItem.priceComponent b BackboneElement
 type code
 code CodeableConcept
 factor decimal
 amount Money
Invoice.participant b BackboneElement
 role CodeableConcept
 actor Reference
Library r DomainResource
 url uri
 identifier Identifier
 version string
 name string
 title string
 subtitle string
 status code
 experimental boolean
 type CodeableConcept
 subject* CodeableConcept Reference
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 useContext UsageContext
 jurisdiction CodeableConcept
 purpose markdown
 usage string
 copyright markdown
 approvalDate date
 lastReviewDate date
 effectivePeriod Period
 topic CodeableConcept
 author ContactDetail
 editor ContactDetail
 reviewer ContactDetail
 endorser ContactDetail
 relatedArtifact RelatedArtifact
 parameter ParameterDefinition
 dataRequirement DataRequirement
 content Attachment
Linkage r DomainResource
 active boolean
 author Reference
 item Linkage.item
Linkage.item b BackboneElement
 type code
 resource Reference
List r DomainResource
 identifier Identifier
 status code
 mode code
 title string
 code CodeableConcept
 subject Reference
 encounter Reference
 date dateTime
 source Reference
 orderedBy CodeableConcept
 note Annotation
 entry List.entry
 emptyReason CodeableConcept
List.entry b BackboneElement
 flag CodeableConcept
 deleted boolean
 date dateTime
 item Reference
Location r DomainResource
 identifier Identifier
 status code
 operationalStatus Coding
 name string
 alias string
 description string
 mode code
 type CodeableConcept
 telecom ContactPoint
 address Address
 physicalType CodeableConcept
 position Location.position
 managingOrganization Reference
 partOf Reference
 hoursOfOperation Location.hoursOfOperation
 availabilityExceptions string
 endpoint Reference
Location.hoursOfOperation b BackboneElement
 daysOfWeek code
 allDay boolean
 openingTime time
 closingTime time
Location.position b BackboneElement
 longitude decimal
 latitude decimal
 altitude decimal
MarketingStatus c BackboneElement
 country CodeableConcept
 jurisdiction CodeableConcept
 status CodeableConcept
 dateRange Period
 restoreDate dateTime
Measure r DomainResource
 url uri
 identifier Identifier
 version string
 name string
 title string
 subtitle string
 status code
 experimental boolean
 subject* CodeableConcept Reference
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 useContext UsageContext
 jurisdiction CodeableConcept
 purpose markdown
 usage string
 copyright markdown
 approvalDate date
 lastReviewDate date
 effectivePeriod Period
 topic CodeableConcept
 author ContactDetail
 editor ContactDetail
 reviewer ContactDetail
 endorser ContactDetail
 relatedArtifact RelatedArtifact
 library canonical
 disclaimer markdown
 scoring CodeableConcept
 compositeScoring CodeableConcept
 type CodeableConcept
 riskAdjustment string
 rateAggregation string
 rationale markdown
 clinicalRecommendationStatement markdown
 improvementNotation CodeableConcept
 definition markdown
 guidance markdown
 group Measure.group
 supplementalData Measure.supplementalData
Measure.group b BackboneElement
 code CodeableConcept
 description string
 population Measure.group.population
 stratifier Measure.group.stratifier
Measure.group.population b BackboneElement
 code CodeableConcept
 description string
 criteria Expression
Measure.group.stratifier b BackboneElement
 code CodeableConcept
 description string
 criteria Expression
 component Measure.group.stratifier.component
Measure.group.stratifier.component b BackboneElement
 code CodeableConcept
 description string
 criteria Expression
Measure.supplementalData b BackboneElement
 code CodeableConcept
 usage CodeableConcept
 description string
 criteria Expression
MeasureReport r DomainResource
 identifier Identifier
 status code
 type code
 measure canonical
 subject Reference
 date dateTime
 reporter Reference
 period Period
 improvementNotation CodeableConcept
 group MeasureReport.group
 evaluatedResource Reference
MeasureReport.group b BackboneElement
 code CodeableConcept
 population MeasureReport.group.population
 measureScore Quantity
 stratifier MeasureReport.group.stratifier
MeasureReport.group.population b BackboneElement
 code CodeableConcept
 count integer
 subjectResults Reference
MeasureReport.group.stratifier b BackboneElement
 code CodeableConcept
 stratum MeasureReport.group.stratifier.stratum
MeasureReport.group.stratifier.stratum b BackboneElement
 value CodeableConcept
 component MeasureReport.group.stratifier.stratum.component
 population MeasureReport.group.stratifier.stratum.population
 measureScore Quantity
MeasureReport.group.stratifier.stratum.component b BackboneElement
 code CodeableConcept
 value CodeableConcept
MeasureReport.group.stratifier.stratum.population b BackboneElement
 code CodeableConcept
 count integer
 subjectResults Reference
Media r DomainResource
 identifier Identifier
 basedOn Reference
 partOf Reference
 status code
 type CodeableConcept
 modality CodeableConcept
 view CodeableConcept
 subject Reference
 encounter Reference
 created* dateTime Period
 issued instant
 operator Reference
 reasonCode CodeableConcept
 bodySite CodeableConcept
 deviceName string
 device Reference
 height positiveInt
 width positiveInt
 frames positiveInt
 duration decimal
 content Attachment
 note Annotation
Medication r DomainResource
 identifier Identifier
 code CodeableConcept
 status code
 manufacturer Reference
 form CodeableConcept
 amount Ratio
 ingredient Medication.ingredient
 batch Medication.batch
Medication.batch b BackboneElement
 lotNumber string
 expirationDate dateTime
Medication.ingredient b BackboneElement
 item* CodeableConcept Reference
 isActive boolean
 strength Ratio
MedicationAdministration r DomainResource
 identifier Identifier
 instantiates uri
 partOf Reference
 status code
 statusReason CodeableConcept
 category CodeableConcept
 medication* CodeableConcept Reference
 subject Reference
 context Reference
 supportingInformation Reference
 effective* dateTime Period
 performer MedicationAdministration.performer
 reasonCode CodeableConcept
 reasonReference Reference
 request Reference
 device Reference
 note Annotation
 dosage MedicationAdministration.dosage
 eventHistory Reference
MedicationAdministration.dosage b BackboneElement
 text string
 site CodeableConcept
 route CodeableConcept
 method CodeableConcept
 dose Quantity
 rate* Ratio Quantity
MedicationAdministration.performer b BackboneElement
 function CodeableConcept
 actor Reference
MedicationDispense r DomainResource
 identifier Identifier
 partOf Reference
 status code
 statusReason* CodeableConcept Reference
 category CodeableConcept
 medication* CodeableConcept Reference
 subject Reference
 context Reference
 supportingInformation Reference
 performer MedicationDispense.performer
 location Reference
 authorizingPrescription Reference
 type CodeableConcept
 quantity Quantity
 daysSupply Quantity
 whenPrepared dateTime
 whenHandedOver dateTime
 destination Reference
 receiver Reference
 note Annotation
 dosageInstruction Dosage
 substitution MedicationDispense.substitution
 detectedIssue Reference
 eventHistory Reference
MedicationDispense.performer b BackboneElement
 function CodeableConcept
 actor Reference
MedicationDispense.substitution b BackboneElement
 wasSubstituted boolean
 type CodeableConcept
 reason CodeableConcept
 responsibleParty Reference
MedicationKnowledge r DomainResource
 code CodeableConcept
 status code
 manufacturer Reference
 doseForm CodeableConcept
 amount Quantity
 synonym string
 relatedMedicationKnowledge MedicationKnowledge.relatedMedicationKnowledge
 associatedMedication Reference
 productType CodeableConcept
 monograph MedicationKnowledge.monograph
 ingredient MedicationKnowledge.ingredient
 preparationInstruction markdown
 intendedRoute CodeableConcept
 cost MedicationKnowledge.cost
 monitoringProgram MedicationKnowledge.monitoringProgram
 administrationGuidelines MedicationKnowledge.administrationGuidelines
 medicineClassification MedicationKnowledge.medicineClassification
 packaging MedicationKnowledge.packaging
 drugCharacteristic MedicationKnowledge.drugCharacteristic
 contraindication Reference
 regulatory MedicationKnowledge.regulatory
 kinetics MedicationKnowledge.kinetics
MedicationKnowledge.administrationGuidelines b BackboneElement
 dosage MedicationKnowledge.administrationGuidelines.dosage
 indication* CodeableConcept Reference
 patientCharacteristics MedicationKnowledge.administrationGuidelines.patientCharacteristics
MedicationKnowledge.administrationGuidelines.dosage b BackboneElement
 type CodeableConcept
 dosage Dosage
MedicationKnowledge.administrationGuidelines.patientCharacteristics b BackboneElement
 characteristic* CodeableConcept Quantity
 value string
MedicationKnowledge.cost b BackboneElement
 type CodeableConcept
 source string
 cost Money
MedicationKnowledge.drugCharacteristic b BackboneElement
 type CodeableConcept
 value* CodeableConcept string Quantity base64Binary
MedicationKnowledge.ingredient b BackboneElement
 item* CodeableConcept Reference
 isActive boolean
 strength Ratio
MedicationKnowledge.kinetics b BackboneElement
 areaUnderCurve Quantity
 lethalDose50 Quantity
 halfLifePeriod Duration
MedicationKnowledge.medicineClassification b BackboneElement
 type CodeableConcept
 classification CodeableConcept
MedicationKnowledge.monitoringProgram b BackboneElement
 type CodeableConcept
 name string
MedicationKnowledge.monograph b BackboneElement
 type CodeableConcept
 source Reference
MedicationKnowledge.packaging b BackboneElement
 type CodeableConcept
 quantity Quantity
MedicationKnowledge.regulatory b BackboneElement
 regulatoryAuthority Reference
 substitution MedicationKnowledge.regulatory.substitution
 schedule MedicationKnowledge.regulatory.schedule
 maxDispense MedicationKnowledge.regulatory.maxDispense
MedicationKnowledge.regulatory.maxDispense b BackboneElement
 quantity Quantity
 period Duration
MedicationKnowledge.regulatory.schedule b BackboneElement
 schedule CodeableConcept
MedicationKnowledge.regulatory.substitution b BackboneElement
 type CodeableConcept
 allowed boolean
MedicationKnowledge.relatedMedicationKnowledge b BackboneElement
 type CodeableConcept
 reference Reference
MedicationRequest r DomainResource
 identifier Identifier
 status code
 statusReason CodeableConcept
 intent code
 category CodeableConcept
 priority code
 doNotPerform boolean
 reported* boolean Reference
 medication* CodeableConcept Reference
 subject Reference
 encounter Reference
 supportingInformation Reference
 authoredOn dateTime
 requester Reference
 performer Reference
 performerType CodeableConcept
 recorder Reference
 reasonCode CodeableConcept
 reasonReference Reference
 instantiatesCanonical canonical
 instantiatesUri uri
 basedOn Reference
 groupIdentifier Identifier
 courseOfTherapyType CodeableConcept
 insurance Reference
 note Annotation
 dosageInstruction Dosage
 dispenseRequest MedicationRequest.dispenseRequest
 substitution MedicationRequest.substitution
 priorPrescription Reference
 detectedIssue Reference
 eventHistory Reference
MedicationRequest.dispenseRequest b BackboneElement
 initialFill MedicationRequest.dispenseRequest.initialFill
 dispenseInterval Duration
 validityPeriod Period
 numberOfRepeatsAllowed unsignedInt
 quantity Quantity
 expectedSupplyDuration Duration
 performer Reference
MedicationRequest.dispenseRequest.initialFill b BackboneElement
 quantity Quantity
 duration Duration
MedicationRequest.substitution b BackboneElement
 allowed* boolean CodeableConcept
 reason CodeableConcept
MedicationStatement r DomainResource
 identifier Identifier
 basedOn Reference
 partOf Reference
 status code
 statusReason CodeableConcept
 category CodeableConcept
 medication* CodeableConcept Reference
 subject Reference
 context Reference
 effective* dateTime Period
 dateAsserted dateTime
 informationSource Reference
 derivedFrom Reference
 reasonCode CodeableConcept
 reasonReference Reference
 note Annotation
 dosage Dosage
MedicinalProduct r DomainResource
 identifier Identifier
 type CodeableConcept
 domain Coding
 combinedPharmaceuticalDoseForm CodeableConcept
 legalStatusOfSupply CodeableConcept
 additionalMonitoringIndicator CodeableConcept
 specialMeasures string
 paediatricUseIndicator CodeableConcept
 productClassification CodeableConcept
 marketingStatus MarketingStatus
 pharmaceuticalProduct Reference
 packagedMedicinalProduct Reference
 attachedDocument Reference
 masterFile Reference
 contact Reference
 clinicalTrial Reference
 name MedicinalProduct.name
 crossReference Identifier
 manufacturingBusinessOperation MedicinalProduct.manufacturingBusinessOperation
 specialDesignation MedicinalProduct.specialDesignation
MedicinalProduct.manufacturingBusinessOperation b BackboneElement
 operationType CodeableConcept
 authorisationReferenceNumber Identifier
 effectiveDate dateTime
 confidentialityIndicator CodeableConcept
 manufacturer Reference
 regulator Reference
MedicinalProduct.name b BackboneElement
 productName string
 namePart MedicinalProduct.name.namePart
 countryLanguage MedicinalProduct.name.countryLanguage
MedicinalProduct.name.countryLanguage b BackboneElement
 country CodeableConcept
 jurisdiction CodeableConcept
 language CodeableConcept
MedicinalProduct.name.namePart b BackboneElement
 part string
 type Coding
MedicinalProduct.specialDesignation b BackboneElement
 identifier Identifier
 type CodeableConcept
 intendedUse CodeableConcept
 indication* CodeableConcept Reference
 status CodeableConcept
 date dateTime
 species CodeableConcept
MedicinalProductAuthorization r DomainResource
 identifier Identifier
 subject Reference
 country CodeableConcept
 jurisdiction CodeableConcept
 status CodeableConcept
 statusDate dateTime
 restoreDate dateTime
 validityPeriod Period
 dataExclusivityPeriod Period
 dateOfFirstAuthorization dateTime
 internationalBirthDate dateTime
 legalBasis CodeableConcept
 jurisdictionalAuthorization MedicinalProductAuthorization.jurisdictionalAuthorization
 holder Reference
 regulator Reference
 procedure MedicinalProductAuthorization.procedure
MedicinalProductAuthorization.jurisdictionalAuthorization b BackboneElement
 identifier Identifier
 country CodeableConcept
 jurisdiction CodeableConcept
 legalStatusOfSupply CodeableConcept
 validityPeriod Period
MedicinalProductAuthorization.procedure b BackboneElement
 identifier Identifier
 type CodeableConcept
 date* Period dateTime
 application MedicinalProductAuthorization.procedure
MedicinalProductContraindication r DomainResource
 subject Reference
 disease CodeableConcept
 diseaseStatus CodeableConcept
 comorbidity CodeableConcept
 therapeuticIndication Reference
 otherTherapy MedicinalProductContraindication.otherTherapy
 population Population
MedicinalProductContraindication.otherTherapy b BackboneElement
 therapyRelationshipType CodeableConcept
 medication* CodeableConcept Reference
MedicinalProductIndication r DomainResource
 subject Reference
 diseaseSymptomProcedure CodeableConcept
 diseaseStatus CodeableConcept
 comorbidity CodeableConcept
 intendedEffect CodeableConcept
 duration Quantity
 otherTherapy MedicinalProductIndication.otherTherapy
 undesirableEffect Reference
 population Population
MedicinalProductIndication.otherTherapy b BackboneElement
 therapyRelationshipType CodeableConcept
 medication* CodeableConcept Reference
MedicinalProductIngredient r DomainResource
 identifier Identifier
 role CodeableConcept
 allergenicIndicator boolean
 manufacturer Reference
 specifiedSubstance MedicinalProductIngredient.specifiedSubstance
 substance MedicinalProductIngredient.substance
MedicinalProductIngredient.specifiedSubstance b BackboneElement
 code CodeableConcept
 group CodeableConcept
 confidentiality CodeableConcept
 strength MedicinalProductIngredient.specifiedSubstance.strength
MedicinalProductIngredient.specifiedSubstance.strength b BackboneElement
 presentation Ratio
 presentationLowLimit Ratio
 concentration Ratio
 concentrationLowLimit Ratio
 measurementPoint string
 country CodeableConcept
 referenceStrength MedicinalProductIngredient.specifiedSubstance.strength.referenceStrength
MedicinalProductIngredient.specifiedSubstance.strength.referenceStrength b BackboneElement
 substance CodeableConcept
 strength Ratio
 strengthLowLimit Ratio
 measurementPoint string
 country CodeableConcept
MedicinalProductIngredient.substance b BackboneElement
 code CodeableConcept
 strength MedicinalProductIngredient.specifiedSubstance.strength
MedicinalProductInteraction r DomainResource
 subject Reference
 description string
 interactant MedicinalProductInteraction.interactant
 type CodeableConcept
 effect CodeableConcept
 incidence CodeableConcept
 management CodeableConcept
MedicinalProductInteraction.interactant b BackboneElement
 item* Reference CodeableConcept
MedicinalProductManufactured r DomainResource
 manufacturedDoseForm CodeableConcept
 unitOfPresentation CodeableConcept
 quantity Quantity
 manufacturer Reference
 ingredient Reference
 physicalCharacteristics ProdCharacteristic
 otherCharacteristics CodeableConcept
MedicinalProductPackaged r DomainResource
 identifier Identifier
 subject Reference
 description string
 legalStatusOfSupply CodeableConcept
 marketingStatus MarketingStatus
 marketingAuthorization Reference
 manufacturer Reference
 batchIdentifier MedicinalProductPackaged.batchIdentifier
 packageItem MedicinalProductPackaged.packageItem
MedicinalProductPackaged.batchIdentifier b BackboneElement
 outerPackaging Identifier
 immediatePackaging Identifier
MedicinalProductPackaged.packageItem b BackboneElement
 identifier Identifier
 type CodeableConcept
 quantity Quantity
 material CodeableConcept
 alternateMaterial CodeableConcept
 device Reference
 manufacturedItem Reference
 packageItem MedicinalProductPackaged.packageItem
 physicalCharacteristics ProdCharacteristic
 otherCharacteristics CodeableConcept
 shelfLifeStorage ProductShelfLife
 manufacturer Reference
MedicinalProductPharmaceutical r DomainResource
 identifier Identifier
 administrableDoseForm CodeableConcept
 unitOfPresentation CodeableConcept
 ingredient Reference
 device Reference
 characteristics MedicinalProductPharmaceutical.characteristics
 routeOfAdministration MedicinalProductPharmaceutical.routeOfAdministration
MedicinalProductPharmaceutical.characteristics b BackboneElement
 code CodeableConcept
 status CodeableConcept
MedicinalProductPharmaceutical.routeOfAdministration b BackboneElement
 code CodeableConcept
 firstDose Quantity
 maxSingleDose Quantity
 maxDosePerDay Quantity
 maxDosePerTreatmentPeriod Ratio
 maxTreatmentPeriod Duration
 targetSpecies MedicinalProductPharmaceutical.routeOfAdministration.targetSpecies
MedicinalProductPharmaceutical.routeOfAdministration.targetSpecies b BackboneElement
 code CodeableConcept
 withdrawalPeriod MedicinalProductPharmaceutical.routeOfAdministration.targetSpecies.withdrawalPeriod
MedicinalProductPharmaceutical.routeOfAdministration.targetSpecies.withdrawalPeriod b BackboneElement
 tissue CodeableConcept
 value Quantity
 supportingInformation string
MedicinalProductUndesirableEffect r DomainResource
 subject Reference
 symptomConditionEffect CodeableConcept
 classification CodeableConcept
 frequencyOfOccurrence CodeableConcept
 population Population
MessageDefinition r DomainResource
 url uri
 identifier Identifier
 version string
 name string
 title string
 replaces canonical
 status code
 experimental boolean
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 useContext UsageContext
 jurisdiction CodeableConcept
 purpose markdown
 copyright markdown
 base canonical
 parent canonical
 event* Coding uri
 category code
 focus MessageDefinition.focus
 responseRequired code
 allowedResponse MessageDefinition.allowedResponse
 graph canonical
MessageDefinition.allowedResponse b BackboneElement
 message canonical
 situation markdown
MessageDefinition.focus b BackboneElement
 code code
 profile canonical
 min unsignedInt
 max string
MessageHeader r DomainResource
 event* Coding uri
 destination MessageHeader.destination
 sender Reference
 enterer Reference
 author Reference
 source MessageHeader.source
 responsible Reference
 reason CodeableConcept
 response MessageHeader.response
 focus Reference
 definition canonical
MessageHeader.destination b BackboneElement
 name string
 target Reference
 endpoint url
 receiver Reference
MessageHeader.response b BackboneElement
 identifier id
 code code
 details Reference
MessageHeader.source b BackboneElement
 name string
 software string
 version string
 contact ContactPoint
 endpoint url
Meta c Element
 versionId id
 lastUpdated instant
 source uri
 profile canonical
 security Coding
 tag Coding
MolecularSequence r DomainResource
 identifier Identifier
 type code
 coordinateSystem integer
 patient Reference
 specimen Reference
 device Reference
 performer Reference
 quantity Quantity
 referenceSeq MolecularSequence.referenceSeq
 variant MolecularSequence.variant
 observedSeq string
 quality MolecularSequence.quality
 readCoverage integer
 repository MolecularSequence.repository
 pointer Reference
 structureVariant MolecularSequence.structureVariant
MolecularSequence.quality b BackboneElement
 type code
 standardSequence CodeableConcept
 start integer
 end integer
 score Quantity
 method CodeableConcept
 truthTP decimal
 queryTP decimal
 truthFN decimal
 queryFP decimal
 gtFP decimal
 precision decimal
 recall decimal
 fScore decimal
 roc MolecularSequence.quality.roc
MolecularSequence.quality.roc b BackboneElement
 score integer
 numTP integer
 numFP integer
 numFN integer
 precision decimal
 sensitivity decimal
 fMeasure decimal
MolecularSequence.referenceSeq b BackboneElement
 chromosome CodeableConcept
 genomeBuild string
 orientation code
 referenceSeqId CodeableConcept
 referenceSeqPointer Reference
 referenceSeqString string
 strand code
 windowStart integer
 windowEnd integer
MolecularSequence.repository b BackboneElement
 type code
 url uri
 name string
 datasetId string
 variantsetId string
 readsetId string
MolecularSequence.structureVariant b BackboneElement
 variantType CodeableConcept
 exact boolean
 length integer
 outer MolecularSequence.structureVariant.outer
 inner MolecularSequence.structureVariant.inner
MolecularSequence.structureVariant.inner b BackboneElement
 start integer
 end integer
MolecularSequence.structureVariant.outer b BackboneElement
 start integer
 end integer
MolecularSequence.variant b BackboneElement
 start integer
 end integer
 observedAllele string
 referenceAllele string
 cigar string
 variantPointer Reference
Money c Element
 value decimal
 currency code
MoneyQuantity c Quantity
NamingSystem r DomainResource
 name string
 status code
 kind code
 date dateTime
 publisher string
 contact ContactDetail
 responsible string
 type CodeableConcept
 description markdown
 useContext UsageContext
 jurisdiction CodeableConcept
 usage string
 uniqueId NamingSystem.uniqueId
NamingSystem.uniqueId b BackboneElement
 type code
 value string
 preferred boolean
 comment string
 period Period
Narrative c Element
 status code
 div xhtml
NutritionOrder r DomainResource
 identifier Identifier
 instantiatesCanonical canonical
 instantiatesUri uri
 instantiates uri
 status code
 intent code
 patient Reference
 encounter Reference
 dateTime dateTime
 orderer Reference
 allergyIntolerance Reference
 foodPreferenceModifier CodeableConcept
 excludeFoodModifier CodeableConcept
 oralDiet NutritionOrder.oralDiet
 supplement NutritionOrder.supplement
 enteralFormula NutritionOrder.enteralFormula
 note Annotation
NutritionOrder.enteralFormula b BackboneElement
 baseFormulaType CodeableConcept
 baseFormulaProductName string
 additiveType CodeableConcept
 additiveProductName string
 caloricDensity Quantity
 routeofAdministration CodeableConcept
 administration NutritionOrder.enteralFormula.administration
 maxVolumeToDeliver Quantity
 administrationInstruction string
NutritionOrder.enteralFormula.administration b BackboneElement
 schedule Timing
 quantity Quantity
 rate* Quantity Ratio
NutritionOrder.oralDiet b BackboneElement
 type CodeableConcept
 schedule Timing
 nutrient NutritionOrder.oralDiet.nutrient
 texture NutritionOrder.oralDiet.texture
 fluidConsistencyType CodeableConcept
 instruction string
NutritionOrder.oralDiet.nutrient b BackboneElement
 modifier CodeableConcept
 amount Quantity
NutritionOrder.oralDiet.texture b BackboneElement
 modifier CodeableConcept
 foodType CodeableConcept
NutritionOrder.supplement b BackboneElement
 type CodeableConcept
 productName string
 schedule Timing
 quantity Quantity
 instruction string
Observation r DomainResource
 identifier Identifier
 basedOn Reference
 partOf Reference
 status code
 category CodeableConcept
 code CodeableConcept
 subject Reference
 focus Reference
 encounter Reference
 effective* dateTime Period Timing instant
 issued instant
 performer Reference
 value* Quantity CodeableConcept string boolean integer Range Ratio SampledData time dateTime Period
 dataAbsentReason CodeableConcept
 interpretation CodeableConcept
 note Annotation
 bodySite CodeableConcept
 method CodeableConcept
 specimen Reference
 device Reference
 referenceRange Observation.referenceRange
 hasMember Reference
 derivedFrom Reference
 component Observation.component
Observation.component b BackboneElement
 code CodeableConcept
 value* Quantity CodeableConcept string boolean integer Range Ratio SampledData time dateTime Period
 dataAbsentReason CodeableConcept
 interpretation CodeableConcept
 referenceRange Observation.referenceRange
Observation.referenceRange b BackboneElement
 low Quantity
 high Quantity
 type CodeableConcept
 appliesTo CodeableConcept
 age Range
 text string
ObservationDefinition r DomainResource
 category CodeableConcept
 code CodeableConcept
 identifier Identifier
 permittedDataType code
 multipleResultsAllowed boolean
 method CodeableConcept
 preferredReportName string
 quantitativeDetails ObservationDefinition.quantitativeDetails
 qualifiedInterval ObservationDefinition.qualifiedInterval
 validCodedValueSet Reference
 normalCodedValueSet Reference
 abnormalCodedValueSet Reference
 criticalCodedValueSet Reference
ObservationDefinition.qualifiedInterval b BackboneElement
 category code
 range Range
 context CodeableConcept
 appliesTo CodeableConcept
 gender code
 age Range
 gestationalAge Range
 condition string
ObservationDefinition.quantitativeDetails b BackboneElement
 customaryUnit CodeableConcept
 unit CodeableConcept
 conversionFactor decimal
 decimalPrecision integer
OperationDefinition r DomainResource
 url uri
 version string
 name string
 title string
 status code
 kind code
 experimental boolean
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 useContext UsageContext
 jurisdiction CodeableConcept
 purpose markdown
 affectsState boolean
 code code
 comment markdown
 base canonical
 resource code
 system boolean
 type boolean
 instance boolean
 inputProfile canonical
 outputProfile canonical
 parameter OperationDefinition.parameter
 overload OperationDefinition.overload
OperationDefinition.overload b BackboneElement
 parameterName string
 comment string
OperationDefinition.parameter b BackboneElement
 name code
 use code
 min integer
 max string
 documentation string
 type code
 targetProfile canonical
 searchType code
 binding OperationDefinition.parameter.binding
 referencedFrom OperationDefinition.parameter.referencedFrom
 part OperationDefinition.parameter
OperationDefinition.parameter.binding b BackboneElement
 strength code
 valueSet canonical
OperationDefinition.parameter.referencedFrom b BackboneElement
 source string
 sourceId string
OperationOutcome r DomainResource
 issue OperationOutcome.issue
OperationOutcome.issue b BackboneElement
 severity code
 code code
 details CodeableConcept
 diagnostics string
 location string
 expression string
Organization r DomainResource
 identifier Identifier
 active boolean
 type CodeableConcept
 name string
 alias string
 telecom ContactPoint
 address Address
 partOf Reference
 contact Organization.contact
 endpoint Reference
Organization.contact b BackboneElement
 purpose CodeableConcept
 name HumanName
 telecom ContactPoint
 address Address
OrganizationAffiliation r DomainResource
 identifier Identifier
 active boolean
 period Period
 organization Reference
 participatingOrganization Reference
 network Reference
 code CodeableConcept
 specialty CodeableConcept
 location Reference
 healthcareService Reference
 telecom ContactPoint
 endpoint Reference
ParameterDefinition c Element
 name code
 use code
 min integer
 max string
 documentation string
 type code
 profile canonical
Parameters r Resource
 parameter Parameters.parameter
Parameters.parameter b BackboneElement
 name string
 value* base64Binary boolean canonical code date dateTime decimal id instant integer markdown oid positiveInt string time unsignedInt uri url uuid Address Age Annotation Attachment CodeableConcept Coding ContactPoint Count Distance Duration HumanName Identifier Money Period Quantity Range Ratio Reference SampledData Signature Timing ContactDetail Contributor DataRequirement Expression ParameterDefinition RelatedArtifact TriggerDefinition UsageContext Dosage Meta
 resource Resource
 part Parameters.parameter
Patient r DomainResource
 identifier Identifier
 active boolean
 name HumanName
 telecom ContactPoint
 gender code
 birthDate date
 deceased* boolean dateTime
 address Address
 maritalStatus CodeableConcept
 multipleBirth* boolean integer
 photo Attachment
 contact Patient.contact
 communication Patient.communication
 generalPractitioner Reference
 managingOrganization Reference
 link Patient.link
Patient.communication b BackboneElement
 language CodeableConcept
 preferred boolean
Patient.contact b BackboneElement
 relationship CodeableConcept
 name HumanName
 telecom ContactPoint
 address Address
 gender code
 organization Reference
 period Period
Patient.link b BackboneElement
 other Reference
 type code
PaymentNotice r DomainResource
 identifier Identifier
 status code
 request Reference
 response Reference
 created dateTime
 provider Reference
 payment Reference
 paymentDate date
 payee Reference
 recipient Reference
 amount Money
 paymentStatus CodeableConcept
PaymentReconciliation r DomainResource
 identifier Identifier
 status code
 period Period
 created dateTime
 paymentIssuer Reference
 request Reference
 requestor Reference
 outcome code
 disposition string
 paymentDate date
 paymentAmount Money
 paymentIdentifier Identifier
 detail PaymentReconciliation.detail
 formCode CodeableConcept
 processNote PaymentReconciliation.processNote
PaymentReconciliation.detail b BackboneElement
 identifier Identifier
 predecessor Identifier
 type CodeableConcept
 request Reference
 submitter Reference
 response Reference
 date date
 responsible Reference
 payee Reference
 amount Money
PaymentReconciliation.processNote b BackboneElement
 type code
 text string
Period c Element
 start dateTime
 end dateTime
Person r DomainResource
 identifier Identifier
 name HumanName
 telecom ContactPoint
 gender code
 birthDate date
 address Address
 photo Attachment
 managingOrganization Reference
 active boolean
 link Person.link
Person.link b BackboneElement
 target Reference
 assurance code
PlanDefinition r DomainResource
 url uri
 identifier Identifier
 version string
 name string
 title string
 subtitle string
 type CodeableConcept
 status code
 experimental boolean
 subject* CodeableConcept Reference
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 useContext UsageContext
 jurisdiction CodeableConcept
 purpose markdown
 usage string
 copyright markdown
 approvalDate date
 lastReviewDate date
 effectivePeriod Period
 topic CodeableConcept
 author ContactDetail
 editor ContactDetail
 reviewer ContactDetail
 endorser ContactDetail
 relatedArtifact RelatedArtifact
 library canonical
 goal PlanDefinition.goal
 action PlanDefinition.action
PlanDefinition.action b BackboneElement
 prefix string
 title string
 description string
 textEquivalent string
 priority code
 code CodeableConcept
 reason CodeableConcept
 documentation RelatedArtifact
 goalId id
 subject* CodeableConcept Reference
 trigger TriggerDefinition
 condition PlanDefinition.action.condition
 input DataRequirement
 output DataRequirement
 relatedAction PlanDefinition.action.relatedAction
 timing* dateTime Age Period Duration Range Timing
 participant PlanDefinition.action.participant
 type CodeableConcept
 groupingBehavior code
 selectionBehavior code
 requiredBehavior code
 precheckBehavior code
 cardinalityBehavior code
 definition* canonical uri
 transform canonical
 dynamicValue PlanDefinition.action.dynamicValue
 action PlanDefinition.action
PlanDefinition.action.condition b BackboneElement
 kind code
 expression Expression
PlanDefinition.action.dynamicValue b BackboneElement
 path string
 expression Expression
PlanDefinition.action.participant b BackboneElement
 type code
 role CodeableConcept
PlanDefinition.action.relatedAction b BackboneElement
 actionId id
 relationship code
 offset* Duration Range
PlanDefinition.goal b BackboneElement
 category CodeableConcept
 description CodeableConcept
 priority CodeableConcept
 start CodeableConcept
 addresses CodeableConcept
 documentation RelatedArtifact
 target PlanDefinition.goal.target
PlanDefinition.goal.target b BackboneElement
 measure CodeableConcept
 detail* Quantity Range CodeableConcept
 due Duration
Population c BackboneElement
 age* Range CodeableConcept
 gender CodeableConcept
 race CodeableConcept
 physiologicalCondition CodeableConcept
Practitioner r DomainResource
 identifier Identifier
 active boolean
 name HumanName
 telecom ContactPoint
 address Address
 gender code
 birthDate date
 photo Attachment
 qualification Practitioner.qualification
 communication CodeableConcept
Practitioner.qualification b BackboneElement
 identifier Identifier
 code CodeableConcept
 period Period
 issuer Reference
PractitionerRole r DomainResource
 identifier Identifier
 active boolean
 period Period
 practitioner Reference
 organization Reference
 code CodeableConcept
 specialty CodeableConcept
 location Reference
 healthcareService Reference
 telecom ContactPoint
 availableTime PractitionerRole.availableTime
 notAvailable PractitionerRole.notAvailable
 availabilityExceptions string
 endpoint Reference
PractitionerRole.availableTime b BackboneElement
 daysOfWeek code
 allDay boolean
 availableStartTime time
 availableEndTime time
PractitionerRole.notAvailable b BackboneElement
 description string
 during Period
Procedure r DomainResource
 identifier Identifier
 instantiatesCanonical canonical
 instantiatesUri uri
 basedOn Reference
 partOf Reference
 status code
 statusReason CodeableConcept
 category CodeableConcept
 code CodeableConcept
 subject Reference
 encounter Reference
 performed* dateTime Period string Age Range
 recorder Reference
 asserter Reference
 performer Procedure.performer
 location Reference
 reasonCode CodeableConcept
 reasonReference Reference
 bodySite CodeableConcept
 outcome CodeableConcept
 report Reference
 complication CodeableConcept
 complicationDetail Reference
 followUp CodeableConcept
 note Annotation
 focalDevice Procedure.focalDevice
 usedReference Reference
 usedCode CodeableConcept
Procedure.focalDevice b BackboneElement
 action CodeableConcept
 manipulated Reference
Procedure.performer b BackboneElement
 function CodeableConcept
 actor Reference
 onBehalfOf Reference
ProdCharacteristic c BackboneElement
 height Quantity
 width Quantity
 depth Quantity
 weight Quantity
 nominalVolume Quantity
 externalDiameter Quantity
 shape string
 color string
 imprint string
 image Attachment
 scoring CodeableConcept
ProductShelfLife c BackboneElement
 identifier Identifier
 type CodeableConcept
 period Quantity
 specialPrecautionsForStorage CodeableConcept
Provenance r DomainResource
 target Reference
 occurred* Period dateTime
 recorded instant
 policy uri
 location Reference
 reason CodeableConcept
 activity CodeableConcept
 agent Provenance.agent
 entity Provenance.entity
 signature Signature
Provenance.agent b BackboneElement
 type CodeableConcept
 role CodeableConcept
 who Reference
 onBehalfOf Reference
Provenance.entity b BackboneElement
 role code
 what Reference
 agent Provenance.agent
Quantity c Element
 value decimal
 comparator code
 unit string
 system uri
 code code
Questionnaire r DomainResource
 url uri
 identifier Identifier
 version string
 name string
 title string
 derivedFrom canonical
 status code
 experimental boolean
 subjectType code
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 useContext UsageContext
 jurisdiction CodeableConcept
 purpose markdown
 copyright markdown
 approvalDate date
 lastReviewDate date
 effectivePeriod Period
 code Coding
 item Questionnaire.item
Questionnaire.item b BackboneElement
 linkId string
 definition uri
 code Coding
 prefix string
 text string
 type code
 enableWhen Questionnaire.item.enableWhen
 enableBehavior code
 required boolean
 repeats boolean
 readOnly boolean
 maxLength integer
 answerValueSet canonical
 answerOption Questionnaire.item.answerOption
 initial Questionnaire.item.initial
 item Questionnaire.item
Questionnaire.item.answerOption b BackboneElement
 value* integer date time string Coding Reference
 initialSelected boolean
Questionnaire.item.enableWhen b BackboneElement
 question string
 operator code
 answer* boolean decimal integer date dateTime time string Coding Quantity Reference
Questionnaire.item.initial b BackboneElement
 value* boolean decimal integer date dateTime time string uri Attachment Coding Quantity Reference
QuestionnaireResponse r DomainResource
 identifier Identifier
 basedOn Reference
 partOf Reference
 questionnaire canonical
 status code
 subject Reference
 encounter Reference
 authored dateTime
 author Reference
 source Reference
 item QuestionnaireResponse.item
QuestionnaireResponse.item b BackboneElement
 linkId string
 definition uri
 text string
 answer QuestionnaireResponse.item.answer
 item QuestionnaireResponse.item
QuestionnaireResponse.item.answer b BackboneElement
 value* boolean decimal integer date dateTime time string uri Attachment Coding Quantity Reference
 item QuestionnaireResponse.item
Range c Element
 low Quantity
 high Quantity
Ratio c Element
 numerator Quantity
 denominator Quantity
Reference c Element
 reference string
 type uri
 identifier Identifier
 display string
RelatedArtifact c Element
 type code
 label string
 display string
 citation markdown
 url url
 document Attachment
 resource canonical
RelatedPerson r DomainResource
 identifier Identifier
 active boolean
 patient Reference
 relationship CodeableConcept
 name HumanName
 telecom ContactPoint
 gender code
 birthDate date
 address Address
 photo Attachment
 period Period
 communication RelatedPerson.communication
RelatedPerson.communication b BackboneElement
 language CodeableConcept
 preferred boolean
RequestGroup r DomainResource
 identifier Identifier
 instantiatesCanonical canonical
 instantiatesUri uri
 basedOn Reference
 replaces Reference
 groupIdentifier Identifier
 status code
 intent code
 priority code
 code CodeableConcept
 subject Reference
 encounter Reference
 authoredOn dateTime
 author Reference
 reasonCode CodeableConcept
 reasonReference Reference
 note Annotation
 action RequestGroup.action
RequestGroup.action b BackboneElement
 prefix string
 title string
 description string
 textEquivalent string
 priority code
 code CodeableConcept
 documentation RelatedArtifact
 condition RequestGroup.action.condition
 relatedAction RequestGroup.action.relatedAction
 timing* dateTime Age Period Duration Range Timing
 participant Reference
 type CodeableConcept
 groupingBehavior code
 selectionBehavior code
 requiredBehavior code
 precheckBehavior code
 cardinalityBehavior code
 resource Reference
 action RequestGroup.action
RequestGroup.action.condition b BackboneElement
 kind code
 expression Expression
RequestGroup.action.relatedAction b BackboneElement
 actionId id
 relationship code
 offset* Duration Range
ResearchDefinition r DomainResource
 url uri
 identifier Identifier
 version string
 name string
 title string
 shortTitle string
 subtitle string
 status code
 experimental boolean
 subject* CodeableConcept Reference
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 comment string
 useContext UsageContext
 jurisdiction CodeableConcept
 purpose markdown
 usage string
 copyright markdown
 approvalDate date
 lastReviewDate date
 effectivePeriod Period
 topic CodeableConcept
 author ContactDetail
 editor ContactDetail
 reviewer ContactDetail
 endorser ContactDetail
 relatedArtifact RelatedArtifact
 library canonical
 population Reference
 exposure Reference
 exposureAlternative Reference
 outcome Reference
ResearchElementDefinition r DomainResource
 url uri
 identifier Identifier
 version string
 name string
 title string
 shortTitle string
 subtitle string
 status code
 experimental boolean
 subject* CodeableConcept Reference
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 comment string
 useContext UsageContext
 jurisdiction CodeableConcept
 purpose markdown
 usage string
 copyright markdown
 approvalDate date
 lastReviewDate date
 effectivePeriod Period
 topic CodeableConcept
 author ContactDetail
 editor ContactDetail
 reviewer ContactDetail
 endorser ContactDetail
 relatedArtifact RelatedArtifact
 library canonical
 type code
 variableType code
 characteristic ResearchElementDefinition.characteristic
ResearchElementDefinition.characteristic b BackboneElement
 definition* CodeableConcept canonical Expression DataRequirement
 usageContext UsageContext
 exclude boolean
 unitOfMeasure CodeableConcept
 studyEffectiveDescription string
 studyEffective* dateTime Period Duration Timing
 studyEffectiveTimeFromStart Duration
 studyEffectiveGroupMeasure code
 participantEffectiveDescription string
 participantEffective* dateTime Period Duration Timing
 participantEffectiveTimeFromStart Duration
 participantEffectiveGroupMeasure code
ResearchStudy r DomainResource
 identifier Identifier
 title string
 protocol Reference
 partOf Reference
 status code
 primaryPurposeType CodeableConcept
 phase CodeableConcept
 category CodeableConcept
 focus CodeableConcept
 condition CodeableConcept
 contact ContactDetail
 relatedArtifact RelatedArtifact
 keyword CodeableConcept
 location CodeableConcept
 description markdown
 enrollment Reference
 period Period
 sponsor Reference
 principalInvestigator Reference
 site Reference
 reasonStopped CodeableConcept
 note Annotation
 arm ResearchStudy.arm
 objective ResearchStudy.objective
ResearchStudy.arm b BackboneElement
 name string
 type CodeableConcept
 description string
ResearchStudy.objective b BackboneElement
 name string
 type CodeableConcept
ResearchSubject r DomainResource
 identifier Identifier
 status code
 period Period
 study Reference
 individual Reference
 assignedArm string
 actualArm string
 consent Reference
Resource r
 id id
 meta Meta
 implicitRules uri
 language code
RiskAssessment r DomainResource
 identifier Identifier
 basedOn Reference
 parent Reference
 status code
 method CodeableConcept
 code CodeableConcept
 subject Reference
 encounter Reference
 occurrence* dateTime Period
 condition Reference
 performer Reference
 reasonCode CodeableConcept
 reasonReference Reference
 basis Reference
 prediction RiskAssessment.prediction
 mitigation string
 note Annotation
RiskAssessment.prediction b BackboneElement
 outcome CodeableConcept
 probability* decimal Range
 qualitativeRisk CodeableConcept
 relativeRisk decimal
 when* Period Range
 rationale string
RiskEvidenceSynthesis r DomainResource
 url uri
 identifier Identifier
 version string
 name string
 title string
 status code
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 note Annotation
 useContext UsageContext
 jurisdiction CodeableConcept
 copyright markdown
 approvalDate date
 lastReviewDate date
 effectivePeriod Period
 topic CodeableConcept
 author ContactDetail
 editor ContactDetail
 reviewer ContactDetail
 endorser ContactDetail
 relatedArtifact RelatedArtifact
 synthesisType CodeableConcept
 studyType CodeableConcept
 population Reference
 exposure Reference
 outcome Reference
 sampleSize RiskEvidenceSynthesis.sampleSize
 riskEstimate RiskEvidenceSynthesis.riskEstimate
 certainty RiskEvidenceSynthesis.certainty
RiskEvidenceSynthesis.certainty b BackboneElement
 rating CodeableConcept
 note Annotation
 certaintySubcomponent RiskEvidenceSynthesis.certainty.certaintySubcomponent
RiskEvidenceSynthesis.certainty.certaintySubcomponent b BackboneElement
 type CodeableConcept
 rating CodeableConcept
 note Annotation
RiskEvidenceSynthesis.riskEstimate b BackboneElement
 description string
 type CodeableConcept
 value decimal
 unitOfMeasure CodeableConcept
 denominatorCount integer
 numeratorCount integer
 precisionEstimate RiskEvidenceSynthesis.riskEstimate.precisionEstimate
RiskEvidenceSynthesis.riskEstimate.precisionEstimate b BackboneElement
 type CodeableConcept
 level decimal
 from decimal
 to decimal
RiskEvidenceSynthesis.sampleSize b BackboneElement
 description string
 numberOfStudies integer
 numberOfParticipants integer
SampledData c Element
 origin Quantity
 period decimal
 factor decimal
 lowerLimit decimal
 upperLimit decimal
 dimensions positiveInt
 data string
Schedule r DomainResource
 identifier Identifier
 active boolean
 serviceCategory CodeableConcept
 serviceType CodeableConcept
 specialty CodeableConcept
 actor Reference
 planningHorizon Period
 comment string
SearchParameter r DomainResource
 url uri
 version string
 name string
 derivedFrom canonical
 status code
 experimental boolean
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 useContext UsageContext
 jurisdiction CodeableConcept
 purpose markdown
 code code
 base code
 type code
 expression string
 xpath string
 xpathUsage code
 target code
 multipleOr boolean
 multipleAnd boolean
 comparator code
 modifier code
 chain string
 component SearchParameter.component
SearchParameter.component b BackboneElement
 definition canonical
 expression string
ServiceRequest r DomainResource
 identifier Identifier
 instantiatesCanonical canonical
 instantiatesUri uri
 basedOn Reference
 replaces Reference
 requisition Identifier
 status code
 intent code
 category CodeableConcept
 priority code
 doNotPerform boolean
 code CodeableConcept
 orderDetail CodeableConcept
 quantity* Quantity Ratio Range
 subject Reference
 encounter Reference
 occurrence* dateTime Period Timing
 asNeeded* boolean CodeableConcept
 authoredOn dateTime
 requester Reference
 performerType CodeableConcept
 performer Reference
 locationCode CodeableConcept
 locationReference Reference
 reasonCode CodeableConcept
 reasonReference Reference
 insurance Reference
 supportingInfo Reference
 specimen Reference
 bodySite CodeableConcept
 note Annotation
 patientInstruction string
 relevantHistory Reference
Signature c Element
 type Coding
 when instant
 who Reference
 onBehalfOf Reference
 targetFormat code
 sigFormat code
 data base64Binary
SimpleQuantity c Quantity
 comparator code
Slot r DomainResource
 identifier Identifier
 serviceCategory CodeableConcept
 serviceType CodeableConcept
 specialty CodeableConcept
 appointmentType CodeableConcept
 schedule Reference
 status code
 start instant
 end instant
 overbooked boolean
 comment string
Specimen r DomainResource
 identifier Identifier
 accessionIdentifier Identifier
 status code
 type CodeableConcept
 subject Reference
 receivedTime dateTime
 parent Reference
 request Reference
 collection Specimen.collection
 processing Specimen.processing
 container Specimen.container
 condition CodeableConcept
 note Annotation
Specimen.collection b BackboneElement
 collector Reference
 collected* dateTime Period
 duration Duration
 quantity Quantity
 method CodeableConcept
 bodySite CodeableConcept
 fastingStatus* CodeableConcept Duration
Specimen.container b BackboneElement
 identifier Identifier
 description string
 type CodeableConcept
 capacity Quantity
 specimenQuantity Quantity
 additive* CodeableConcept Reference
Specimen.processing b BackboneElement
 description string
 procedure CodeableConcept
 additive Reference
 time* dateTime Period
SpecimenDefinition r DomainResource
 identifier Identifier
 typeCollected CodeableConcept
 patientPreparation CodeableConcept
 timeAspect string
 collection CodeableConcept
 typeTested SpecimenDefinition.typeTested
SpecimenDefinition.typeTested b BackboneElement
 isDerived boolean
 type CodeableConcept
 preference code
 container SpecimenDefinition.typeTested.container
 requirement string
 retentionTime Duration
 rejectionCriterion CodeableConcept
 handling SpecimenDefinition.typeTested.handling
SpecimenDefinition.typeTested.container b BackboneElement
 material CodeableConcept
 type CodeableConcept
 cap CodeableConcept
 description string
 capacity Quantity
 minimumVolume* Quantity string
 additive SpecimenDefinition.typeTested.container.additive
 preparation string
SpecimenDefinition.typeTested.container.additive b BackboneElement
 additive* CodeableConcept Reference
SpecimenDefinition.typeTested.handling b BackboneElement
 temperatureQualifier CodeableConcept
 temperatureRange Range
 maxDuration Duration
 instruction string
StructureDefinition r DomainResource
 url uri
 identifier Identifier
 version string
 name string
 title string
 status code
 experimental boolean
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 useContext UsageContext
 jurisdiction CodeableConcept
 purpose markdown
 copyright markdown
 keyword Coding
 fhirVersion code
 mapping StructureDefinition.mapping
 kind code
 abstract boolean
 context StructureDefinition.context
 contextInvariant string
 type uri
 baseDefinition canonical
 derivation code
 snapshot StructureDefinition.snapshot
 differential StructureDefinition.differential
StructureDefinition.context b BackboneElement
 type code
 expression string
StructureDefinition.differential b BackboneElement
 element ElementDefinition
StructureDefinition.mapping b BackboneElement
 identity id
 uri uri
 name string
 comment string
StructureDefinition.snapshot b BackboneElement
 element ElementDefinition
StructureMap r DomainResource
 url uri
 identifier Identifier
 version string
 name string
 title string
 status code
 experimental boolean
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 useContext UsageContext
 jurisdiction CodeableConcept
 purpose markdown
 copyright markdown
 structure StructureMap.structure
 import canonical
 group StructureMap.group
StructureMap.group b BackboneElement
 name id
 extends id
 typeMode code
 documentation string
 input StructureMap.group.input
 rule StructureMap.group.rule
StructureMap.group.input b BackboneElement
 name id
 type string
 mode code
 documentation string
StructureMap.group.rule b BackboneElement
 name id
 source StructureMap.group.rule.source
 target StructureMap.group.rule.target
 rule StructureMap.group.rule
 dependent StructureMap.group.rule.dependent
 documentation string
StructureMap.group.rule.dependent b BackboneElement
 name id
 variable string
StructureMap.group.rule.source b BackboneElement
 context id
 min integer
 max string
 type string
 defaultValue* base64Binary boolean canonical code date dateTime decimal id instant integer markdown oid positiveInt string time unsignedInt uri url uuid Address Age Annotation Attachment CodeableConcept Coding ContactPoint Count Distance Duration HumanName Identifier Money Period Quantity Range Ratio Reference SampledData Signature Timing ContactDetail Contributor DataRequirement Expression ParameterDefinition RelatedArtifact TriggerDefinition UsageContext Dosage Meta
 element string
 listMode code
 variable id
 condition string
 check string
 logMessage string
StructureMap.group.rule.target b BackboneElement
 context id
 contextType code
 element string
 variable id
 listMode code
 listRuleId id
 transform code
 parameter StructureMap.group.rule.target.parameter
StructureMap.group.rule.target.parameter b BackboneElement
 value* id string boolean integer decimal
StructureMap.structure b BackboneElement
 url canonical
 mode code
 alias string
 documentation string
Subscription r DomainResource
 status code
 contact ContactPoint
 end instant
 reason string
 criteria string
 error string
 channel Subscription.channel
Subscription.channel b BackboneElement
 type code
 endpoint url
 payload code
 header string
Substance r DomainResource
 identifier Identifier
 status code
 category CodeableConcept
 code CodeableConcept
 description string
 instance Substance.instance
 ingredient Substance.ingredient
Substance.ingredient b BackboneElement
 quantity Ratio
 substance* CodeableConcept Reference
Substance.instance b BackboneElement
 identifier Identifier
 expiry dateTime
 quantity Quantity
SubstanceAmount c BackboneElement
 amount* Quantity Range string
 amountType CodeableConcept
 amountText string
 referenceRange SubstanceAmount.referenceRange
SubstanceAmount.referenceRange b Element
 lowLimit Quantity
 highLimit Quantity
SubstanceNucleicAcid r DomainResource
 sequenceType CodeableConcept
 numberOfSubunits integer
 areaOfHybridisation string
 oligoNucleotideType CodeableConcept
 subunit SubstanceNucleicAcid.subunit
SubstanceNucleicAcid.subunit b BackboneElement
 subunit integer
 sequence string
 length integer
 sequenceAttachment Attachment
 fivePrime CodeableConcept
 threePrime CodeableConcept
 linkage SubstanceNucleicAcid.subunit.linkage
 sugar SubstanceNucleicAcid.subunit.sugar
SubstanceNucleicAcid.subunit.linkage b BackboneElement
 connectivity string
 identifier Identifier
 name string
 residueSite string
SubstanceNucleicAcid.subunit.sugar b BackboneElement
 identifier Identifier
 name string
 residueSite string
SubstancePolymer r DomainResource
 class CodeableConcept
 geometry CodeableConcept
 copolymerConnectivity CodeableConcept
 modification string
 monomerSet SubstancePolymer.monomerSet
 repeat SubstancePolymer.repeat
SubstancePolymer.monomerSet b BackboneElement
 ratioType CodeableConcept
 startingMaterial SubstancePolymer.monomerSet.startingMaterial
SubstancePolymer.monomerSet.startingMaterial b BackboneElement
 material CodeableConcept
 type CodeableConcept
 isDefining boolean
 amount SubstanceAmount
SubstancePolymer.repeat b BackboneElement
 numberOfUnits integer
 averageMolecularFormula string
 repeatUnitAmountType CodeableConcept
 repeatUnit SubstancePolymer.repeat.repeatUnit
SubstancePolymer.repeat.repeatUnit b BackboneElement
 orientationOfPolymerisation CodeableConcept
 repeatUnit string
 amount SubstanceAmount
 degreeOfPolymerisation SubstancePolymer.repeat.repeatUnit.degreeOfPolymerisation
 structuralRepresentation SubstancePolymer.repeat.repeatUnit.structuralRepresentation
SubstancePolymer.repeat.repeatUnit.degreeOfPolymerisation b BackboneElement
 degree CodeableConcept
 amount SubstanceAmount
SubstancePolymer.repeat.repeatUnit.structuralRepresentation b BackboneElement
 type CodeableConcept
 representation string
 attachment Attachment
SubstanceProtein r DomainResource
 sequenceType CodeableConcept
 numberOfSubunits integer
 disulfideLinkage string
 subunit SubstanceProtein.subunit
SubstanceProtein.subunit b BackboneElement
 subunit integer
 sequence string
 length integer
 sequenceAttachment Attachment
 nTerminalModificationId Identifier
 nTerminalModification string
 cTerminalModificationId Identifier
 cTerminalModification string
SubstanceReferenceInformation r DomainResource
 comment string
 gene SubstanceReferenceInformation.gene
 geneElement SubstanceReferenceInformation.geneElement
 classification SubstanceReferenceInformation.classification
 target SubstanceReferenceInformation.target
SubstanceReferenceInformation.classification b BackboneElement
 domain CodeableConcept
 classification CodeableConcept
 subtype CodeableConcept
 source Reference
SubstanceReferenceInformation.gene b BackboneElement
 geneSequenceOrigin CodeableConcept
 gene CodeableConcept
 source Reference
SubstanceReferenceInformation.geneElement b BackboneElement
 type CodeableConcept
 element Identifier
 source Reference
SubstanceReferenceInformation.target b BackboneElement
 target Identifier
 type CodeableConcept
 interaction CodeableConcept
 organism CodeableConcept
 organismType CodeableConcept
 amount* Quantity Range string
 amountType CodeableConcept
 source Reference
SubstanceSourceMaterial r DomainResource
 sourceMaterialClass CodeableConcept
 sourceMaterialType CodeableConcept
 sourceMaterialState CodeableConcept
 organismId Identifier
 organismName string
 parentSubstanceId Identifier
 parentSubstanceName string
 countryOfOrigin CodeableConcept
 geographicalLocation string
 developmentStage CodeableConcept
 fractionDescription SubstanceSourceMaterial.fractionDescription
 organism SubstanceSourceMaterial.organism
 partDescription SubstanceSourceMaterial.partDescription
SubstanceSourceMaterial.fractionDescription b BackboneElement
 fraction string
 materialType CodeableConcept
SubstanceSourceMaterial.organism b BackboneElement
 family CodeableConcept
 genus CodeableConcept
 species CodeableConcept
 intraspecificType CodeableConcept
 intraspecificDescription string
 author SubstanceSourceMaterial.organism.author
 hybrid SubstanceSourceMaterial.organism.hybrid
 organismGeneral SubstanceSourceMaterial.organism.organismGeneral
SubstanceSourceMaterial.organism.author b BackboneElement
 authorType CodeableConcept
 authorDescription string
SubstanceSourceMaterial.organism.hybrid b BackboneElement
 maternalOrganismId string
 maternalOrganismName string
 paternalOrganismId string
 paternalOrganismName string
 hybridType CodeableConcept
SubstanceSourceMaterial.organism.organismGeneral b BackboneElement
 kingdom CodeableConcept
 phylum CodeableConcept
 class CodeableConcept
 order CodeableConcept
SubstanceSourceMaterial.partDescription b BackboneElement
 part CodeableConcept
 partLocation CodeableConcept
SubstanceSpecification r DomainResource
 identifier Identifier
 type CodeableConcept
 status CodeableConcept
 domain CodeableConcept
 description string
 source Reference
 comment string
 moiety SubstanceSpecification.moiety
 property SubstanceSpecification.property
 referenceInformation Reference
 structure SubstanceSpecification.structure
 code SubstanceSpecification.code
 name SubstanceSpecification.name
 molecularWeight SubstanceSpecification.structure.isotope.molecularWeight
 relationship SubstanceSpecification.relationship
 nucleicAcid Reference
 polymer Reference
 protein Reference
 sourceMaterial Reference
SubstanceSpecification.code b BackboneElement
 code CodeableConcept
 status CodeableConcept
 statusDate dateTime
 comment string
 source Reference
SubstanceSpecification.moiety b BackboneElement
 role CodeableConcept
 identifier Identifier
 name string
 stereochemistry CodeableConcept
 opticalActivity CodeableConcept
 molecularFormula string
 amount* Quantity string
SubstanceSpecification.name b BackboneElement
 name string
 type CodeableConcept
 status CodeableConcept
 preferred boolean
 language CodeableConcept
 domain CodeableConcept
 jurisdiction CodeableConcept
 synonym SubstanceSpecification.name
 translation SubstanceSpecification.name
 official SubstanceSpecification.name.official
 source Reference
SubstanceSpecification.name.official b BackboneElement
 authority CodeableConcept
 status CodeableConcept
 date dateTime
SubstanceSpecification.property b BackboneElement
 category CodeableConcept
 code CodeableConcept
 parameters string
 definingSubstance* Reference CodeableConcept
 amount* Quantity string
SubstanceSpecification.relationship b BackboneElement
 substance* Reference CodeableConcept
 relationship CodeableConcept
 isDefining boolean
 amount* Quantity Range Ratio string
 amountRatioLowLimit Ratio
 amountType CodeableConcept
 source Reference
SubstanceSpecification.structure b BackboneElement
 stereochemistry CodeableConcept
 opticalActivity CodeableConcept
 molecularFormula string
 molecularFormulaByMoiety string
 isotope SubstanceSpecification.structure.isotope
 molecularWeight SubstanceSpecification.structure.isotope.molecularWeight
 source Reference
 representation SubstanceSpecification.structure.representation
SubstanceSpecification.structure.isotope b BackboneElement
 identifier Identifier
 name CodeableConcept
 substitution CodeableConcept
 halfLife Quantity
 molecularWeight SubstanceSpecification.structure.isotope.molecularWeight
SubstanceSpecification.structure.isotope.molecularWeight b BackboneElement
 method CodeableConcept
 type CodeableConcept
 amount Quantity
SubstanceSpecification.structure.representation b BackboneElement
 type CodeableConcept
 representation string
 attachment Attachment
SupplyDelivery r DomainResource
 identifier Identifier
 basedOn Reference
 partOf Reference
 status code
 patient Reference
 type CodeableConcept
 suppliedItem SupplyDelivery.suppliedItem
 occurrence* dateTime Period Timing
 supplier Reference
 destination Reference
 receiver Reference
SupplyDelivery.suppliedItem b BackboneElement
 quantity Quantity
 item* CodeableConcept Reference
SupplyRequest r DomainResource
 identifier Identifier
 status code
 category CodeableConcept
 priority code
 item* CodeableConcept Reference
 quantity Quantity
 parameter SupplyRequest.parameter
 occurrence* dateTime Period Timing
 authoredOn dateTime
 requester Reference
 supplier Reference
 reasonCode CodeableConcept
 reasonReference Reference
 deliverFrom Reference
 deliverTo Reference
SupplyRequest.parameter b BackboneElement
 code CodeableConcept
 value* CodeableConcept Quantity Range boolean
Task r DomainResource
 identifier Identifier
 instantiatesCanonical canonical
 instantiatesUri uri
 basedOn Reference
 groupIdentifier Identifier
 partOf Reference
 status code
 statusReason CodeableConcept
 businessStatus CodeableConcept
 intent code
 priority code
 code CodeableConcept
 description string
 focus Reference
 for Reference
 encounter Reference
 executionPeriod Period
 authoredOn dateTime
 lastModified dateTime
 requester Reference
 performerType CodeableConcept
 owner Reference
 location Reference
 reasonCode CodeableConcept
 reasonReference Reference
 insurance Reference
 note Annotation
 relevantHistory Reference
 restriction Task.restriction
 input Task.input
 output Task.output
Task.input b BackboneElement
 type CodeableConcept
 value* base64Binary boolean canonical code date dateTime decimal id instant integer markdown oid positiveInt string time unsignedInt uri url uuid Address Age Annotation Attachment CodeableConcept Coding ContactPoint Count Distance Duration HumanName Identifier Money Period Quantity Range Ratio Reference SampledData Signature Timing ContactDetail Contributor DataRequirement Expression ParameterDefinition RelatedArtifact TriggerDefinition UsageContext Dosage Meta
Task.output b BackboneElement
 type CodeableConcept
 value* base64Binary boolean canonical code date dateTime decimal id instant integer markdown oid positiveInt string time unsignedInt uri url uuid Address Age Annotation Attachment CodeableConcept Coding ContactPoint Count Distance Duration HumanName Identifier Money Period Quantity Range Ratio Reference SampledData Signature Timing ContactDetail Contributor DataRequirement Expression ParameterDefinition RelatedArtifact TriggerDefinition UsageContext Dosage Meta
Task.restriction b BackboneElement
 repetitions positiveInt
 period Period
 recipient Reference
TerminologyCapabilities r DomainResource
 url uri
 version string
 name string
 title string
 status code
 experimental boolean
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 useContext UsageContext
 jurisdiction CodeableConcept
 purpose markdown
 copyright markdown
 kind code
 software TerminologyCapabilities.software
 implementation TerminologyCapabilities.implementation
 lockedDate boolean
 codeSystem TerminologyCapabilities.codeSystem
 expansion TerminologyCapabilities.expansion
 codeSearch code
 validateCode TerminologyCapabilities.validateCode
 translation TerminologyCapabilities.translation
 closure TerminologyCapabilities.closure
TerminologyCapabilities.closure b BackboneElement
 translation boolean
TerminologyCapabilities.codeSystem b BackboneElement
 uri canonical
 version TerminologyCapabilities.codeSystem.version
 subsumption boolean
TerminologyCapabilities.codeSystem.version b BackboneElement
 code string
 isDefault boolean
 compositional boolean
 language code
 filter TerminologyCapabilities.codeSystem.version.filter
 property code
TerminologyCapabilities.codeSystem.version.filter b BackboneElement
 code code
 op code
TerminologyCapabilities.expansion b BackboneElement
 hierarchical boolean
 paging boolean
 incomplete boolean
 parameter TerminologyCapabilities.expansion.parameter
 textFilter markdown
TerminologyCapabilities.expansion.parameter b BackboneElement
 name code
 documentation string
TerminologyCapabilities.implementation b BackboneElement
 description string
 url url
TerminologyCapabilities.software b BackboneElement
 name string
 version string
TerminologyCapabilities.translation b BackboneElement
 needsMap boolean
TerminologyCapabilities.validateCode b BackboneElement
 translations boolean
TestReport r DomainResource
 identifier Identifier
 name string
 status code
 testScript Reference
 result code
 score decimal
 tester string
 issued dateTime
 participant TestReport.participant
 setup TestReport.setup
 test TestReport.test
 teardown TestReport.teardown
TestReport.participant b BackboneElement
 type code
 uri uri
 display string
TestReport.setup b BackboneElement
 action TestReport.setup.action
TestReport.setup.action b BackboneElement
 operation TestReport.setup.action.operation
 assert TestReport.setup.action.assert
TestReport.setup.action.assert b BackboneElement
 result code
 message markdown
 detail string
TestReport.setup.action.operation b BackboneElement
 result code
 message markdown
 detail uri
TestReport.teardown b BackboneElement
 action TestReport.teardown.action
TestReport.teardown.action b BackboneElement
 operation TestReport.setup.action.operation
TestReport.test b BackboneElement
 name string
 description string
 action TestReport.test.action
TestReport.test.action b BackboneElement
 operation TestReport.setup.action.operation
 assert TestReport.setup.action.assert
TestScript r DomainResource
 url uri
 identifier Identifier
 version string
 name string
 title string
 status code
 experimental boolean
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 useContext UsageContext
 jurisdiction CodeableConcept
 purpose markdown
 copyright markdown
 origin TestScript.origin
 destination TestScript.destination
 metadata TestScript.metadata
 fixture TestScript.fixture
 profile Reference
 variable TestScript.variable
 setup TestScript.setup
 test TestScript.test
 teardown TestScript.teardown
TestScript.destination b BackboneElement
 index integer
 profile Coding
TestScript.fixture b BackboneElement
 autocreate boolean
 autodelete boolean
 resource Reference
TestScript.metadata b BackboneElement
 link TestScript.metadata.link
 capability TestScript.metadata.capability
TestScript.metadata.capability b BackboneElement
 required boolean
 validated boolean
 description string
 origin integer
 destination integer
 link uri
 capabilities canonical
TestScript.metadata.link b BackboneElement
 url uri
 description string
TestScript.origin b BackboneElement
 index integer
 profile Coding
TestScript.setup b BackboneElement
 action TestScript.setup.action
TestScript.setup.action b BackboneElement
 operation TestScript.setup.action.operation
 assert TestScript.setup.action.assert
TestScript.setup.action.assert b BackboneElement
 label string
 description string
 direction code
 compareToSourceId string
 compareToSourceExpression string
 compareToSourcePath string
 contentType code
 expression string
 headerField string
 minimumId string
 navigationLinks boolean
 operator code
 path string
 requestMethod code
 requestURL string
 resource code
 response code
 responseCode string
 sourceId id
 validateProfileId id
 value string
 warningOnly boolean
TestScript.setup.action.operation b BackboneElement
 type Coding
 resource code
 label string
 description string
 accept code
 contentType code
 destination integer
 encodeRequestUrl boolean
 method code
 origin integer
 params string
 requestHeader TestScript.setup.action.operation.requestHeader
 requestId id
 responseId id
 sourceId id
 targetId id
 url string
TestScript.setup.action.operation.requestHeader b BackboneElement
 field string
 value string
TestScript.teardown b BackboneElement
 action TestScript.teardown.action
TestScript.teardown.action b BackboneElement
 operation TestScript.setup.action.operation
TestScript.test b BackboneElement
 name string
 description string
 action TestScript.test.action
TestScript.test.action b BackboneElement
 operation TestScript.setup.action.operation
 assert TestScript.setup.action.assert
TestScript.variable b BackboneElement
 name string
 defaultValue string
 description string
 expression string
 headerField string
 hint string
 path string
 sourceId id
Timing c BackboneElement
 event dateTime
 repeat Timing.repeat
 code CodeableConcept
Timing.repeat b Element
 bounds* Duration Range Period
 count positiveInt
 countMax positiveInt
 duration decimal
 durationMax decimal
 durationUnit code
 frequency positiveInt
 frequencyMax positiveInt
 period decimal
 periodMax decimal
 periodUnit code
 dayOfWeek code
 timeOfDay time
 when code
 offset unsignedInt
TriggerDefinition c Element
 type code
 name string
 timing* Timing Reference date dateTime
 data DataRequirement
 condition Expression
UsageContext c Element
 code Coding
 value* CodeableConcept Quantity Range Reference
ValueSet r DomainResource
 url uri
 identifier Identifier
 version string
 name string
 title string
 status code
 experimental boolean
 date dateTime
 publisher string
 contact ContactDetail
 description markdown
 useContext UsageContext
 jurisdiction CodeableConcept
 immutable boolean
 purpose markdown
 copyright markdown
 compose ValueSet.compose
 expansion ValueSet.expansion
ValueSet.compose b BackboneElement
 lockedDate date
 inactive boolean
 include ValueSet.compose.include
 exclude ValueSet.compose.include
ValueSet.compose.include b BackboneElement
 system uri
 version string
 concept ValueSet.compose.include.concept
 filter ValueSet.compose.include.filter
 valueSet canonical
ValueSet.compose.include.concept b BackboneElement
 code code
 display string
 designation ValueSet.compose.include.concept.designation
ValueSet.compose.include.concept.designation b BackboneElement
 language code
 use Coding
 value string
ValueSet.compose.include.filter b BackboneElement
 property code
 op code
 value string
ValueSet.expansion b BackboneElement
 identifier uri
 timestamp dateTime
 total integer
 offset integer
 parameter ValueSet.expansion.parameter
 contains ValueSet.expansion.contains
ValueSet.expansion.contains b BackboneElement
 system uri
 abstract boolean
 inactive boolean
 version string
 code code
 display string
 designation ValueSet.compose.include.concept.designation
 contains ValueSet.expansion.contains
ValueSet.expansion.parameter b BackboneElement
 name string
 value* string boolean integer decimal uri code dateTime
VerificationResult r DomainResource
 target Reference
 targetLocation string
 need CodeableConcept
 status code
 statusDate dateTime
 validationType CodeableConcept
 validationProcess CodeableConcept
 frequency Timing
 lastPerformed dateTime
 nextScheduled date
 failureAction CodeableConcept
 primarySource VerificationResult.primarySource
 attestation VerificationResult.attestation
 validator VerificationResult.validator
VerificationResult.attestation b BackboneElement
 who Reference
 onBehalfOf Reference
 communicationMethod CodeableConcept
 date date
 sourceIdentityCertificate string
 proxyIdentityCertificate string
 proxySignature Signature
 sourceSignature Signature
VerificationResult.primarySource b BackboneElement
 who Reference
 type CodeableConcept
 communicationMethod CodeableConcept
 validationStatus CodeableConcept
 validationDate dateTime
 canPushUpdates CodeableConcept
 pushTypeAvailable CodeableConcept
VerificationResult.validator b BackboneElement
 organization Reference
 identityCertificate string
 attestationSignature Signature
VisionPrescription r DomainResource
 identifier Identifier
 status code
 created dateTime
 patient Reference
 encounter Reference
 dateWritten dateTime
 prescriber Reference
 lensSpecification VisionPrescription.lensSpecification
VisionPrescription.lensSpecification b BackboneElement
 product CodeableConcept
 eye code
 sphere decimal
 cylinder decimal
 axis integer
 prism VisionPrescription.lensSpecification.prism
 add decimal
 power decimal
 backCurve decimal
 diameter decimal
 duration Quantity
 color string
 brand string
 note Annotation
VisionPrescription.lensSpecification.prism b BackboneElement
 amount decimal
 base code
base64Binary p Element
 value base64Binary
boolean p Element
 value boolean
canonical p uri
code p string
date p Element
 value date
dateTime p Element
 value dateTime
decimal p Element
 value decimal
id p string
instant p Element
 value instant
integer p Element
 value integer
markdown p string
oid p uri
positiveInt p integer
string p Element
 value string
time p Element
 value time
unsignedInt p integer
uri p Element
 value uri
url p uri
uuid p uri
xhtml p Element
 value string`;
