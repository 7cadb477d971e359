namespace DeviceId.Experiments;

/// <summary>A statement of the paper about two variants of one experiment.</summary>
/// <param name="First">Name of the variant that the statement is about.</param>
/// <param name="Second">Name of the variant that it is compared with.</param>
/// <param name="Direction">Which is better.</param>
/// <param name="Points">By how many percentage points, first minus second; null where the paper does not say.</param>
/// <param name="Statement">The statement in our words.</param>
internal sealed record PublishedClaim(string First, string Second, Direction Direction, double? Points, string Statement);
