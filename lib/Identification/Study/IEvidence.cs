namespace DeviceId.Identification;

/// <summary>The result of a study, as it is kept in a file that anybody may have changed.</summary>
internal interface IEvidence
{
    /// <summary>Fingerprint of the recordings' contents, 64 hexadecimal digits.</summary>
    string Fingerprint { get; }

    /// <summary>How the models were trained, in full.</summary>
    PhoneModelOptions Options { get; }

    /// <summary>Every reason why this cannot be a whole result; empty when it can.</summary>
    IEnumerable<string> Problems();
}
